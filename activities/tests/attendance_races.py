"""Several phones tick the same people at one moment, again and again, on a database of its own.

    python -m activities.tests.attendance_races [--server postgres://…/postgres] [--rounds 100] [--phones 8]

Each phone begins from what it saw before the round. Last line: what was tried, recorded and refused, and what must
never be: undone=0 (a tick over another that its phone had not seen) doubled=0 unchained=0 errors=0; the exit code is 1
where one of these is not 0.
"""

import random
import sys
import traceback
from collections import Counter
from functools import partial
from typing import Any

from shuxiang.tests.races import at_once, options, scratch_database, tell

PEOPLE = 4
FAULTS = ("undone", "doubled", "unchained", "errors")


def compete(rounds: int, phones: int) -> Counter[str]:
    from django.utils import timezone

    from activities.models import AttendanceEvent
    from activities.services.attendance import record_sheet
    from activities.tests.factories import ActivityFactory
    from organization.roles import Role
    from organization.tests.factories import CadreFactory, DepartmentFactory, bureau

    department = DepartmentFactory(parent=bureau())
    recorders = [
        CadreFactory(roles=[Role.OFFICE], department=DepartmentFactory(parent=bureau())) for _ in range(phones)
    ]
    people = [CadreFactory(department=department).pk for _ in range(PEOPLE)]
    counts: Counter[str] = Counter()
    for _ in range(rounds):
        activity = ActivityFactory(date=timezone.localdate())
        record = partial(record_sheet, activity=activity, now=timezone.now())
        seen: dict[int, str] = dict.fromkeys(people, "")
        for _ in range(2):
            before = AttendanceEvent.objects.count()
            found = at_once(*(partial(record, present=a_tick(people), recorder=each, seen=seen) for each in recorders))
            for each in found:
                counts["errors"] += isinstance(each, Exception)
                if isinstance(each, Exception):
                    traceback.print_exception(each)
                else:
                    counts["recorded"] += each.added + each.changed + each.voided
                    counts["refused"] += len(each.told)
            new = AttendanceEvent.objects.order_by("pk").values_list("attendance__cadre", flat=True)[before:]
            counts["undone"] += sum(number > 1 for number in Counter(new).values())
            seen = judge(activity, counts)
    return counts


def a_tick(people: list[int]) -> dict[int, str]:
    chosen = random.sample(people, 2)
    return {person: random.choice(["", "attending", "speaking"]) for person in chosen}


def judge(activity: Any, counts: Counter[str]) -> dict[int, str]:
    """Counts rows beside others and histories that jump; gives the state of each person."""
    from activities.models import Attendance, AttendanceEvent

    rows = list(Attendance.objects.filter(activity=activity))
    counts["doubled"] += len(rows) - len({row.cadre_id for row in rows})
    for row in rows:
        history = list(
            AttendanceEvent.objects.filter(attendance=row).order_by("pk").values_list("from_state", "to_state")
        )
        ends = ["", *(after for _, after in history)]
        stored = "void" if row.is_void else row.capacity
        counts["unchained"] += [before for before, _ in history] != ends[:-1] or ends[-1] != stored
    return {row.cadre_id: "" if row.is_void else row.capacity for row in rows}


def main() -> int:
    asked = options(rounds=100, phones=8)
    with scratch_database(asked.server):
        counts = compete(asked.rounds, asked.phones)
    told = {name: counts[name] for name in ("recorded", "refused", *FAULTS)}
    return tell({"rounds": asked.rounds, "phones": asked.phones, **told}, FAULTS)


if __name__ == "__main__":
    sys.exit(main())
