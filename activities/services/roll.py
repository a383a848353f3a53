"""The people on the ticking page and on the printed sheet: who may come to an activity, who said so, and who came."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from activities.kinds import Part
from activities.models import Activity, Attendance, Registration, Speaker
from activities.models.activity import ActivityQuerySet
from activities.services.attendance import ABSENT, needs_reason, presence_of
from activities.services.recorders import Reach
from organization.models import Cadre, Posting, Tree
from shuxiang.searches import bare, is_named

REGISTERED = "已报名"
SPEAKING = (Part.LECTURER, Part.LEAD)
NOWHERE = "当日不在职"


@dataclass(frozen=True, slots=True)
class Row:
    """`expected` says why somebody is expected, empty where nobody did; `record` is the row to correct, where there is
    one, and `is_settled` where ticking it needs a reason first."""

    cadre: int
    number: str
    name: str
    department: int | None
    path: str
    state: str = ABSENT
    expected: str = ""
    is_speaker: bool = False
    record: int | None = None
    is_settled: bool = False
    is_own: bool = False
    # What was chosen before the session ended and is not recorded yet.
    picked: str | None = None

    @property
    def shown(self) -> str:
        return self.state if self.picked is None else self.picked


@dataclass(frozen=True)
class Counts:
    """Of everybody at an activity; `own` is the viewer's capacity, empty where not recorded."""

    came: int
    spoke: int
    own: str


def with_counts(rows: ActivityQuerySet, viewer: Cadre) -> ActivityQuerySet:
    """Adds what `counts_in` tells."""
    valid = Attendance.objects.valid().filter(activity=OuterRef("pk")).order_by().values("activity")
    people, spoke = Count("cadre", distinct=True), Q(capacity=Attendance.Capacity.SPEAKING)
    own = Max("capacity")  # "speaking" comes after "attending"
    return rows.annotate(
        came=Coalesce(Subquery(valid.annotate(number=people).values("number")), 0),
        spoke=Coalesce(Subquery(valid.filter(spoke).annotate(number=people).values("number")), 0),
        own_capacity=Subquery(valid.filter(cadre=viewer).annotate(best=own).values("best")),
    )


def counts_in(activity: Any) -> Counts:
    """`activity` comes out of `with_counts`."""
    return Counts(activity.came, activity.spoke, activity.own_capacity or ABSENT)


def counts_of(activity: Activity, viewer: Cadre) -> Counts:
    """As they are now; one query."""
    return counts_in(with_counts(Activity.objects.filter(pk=activity.pk), viewer).get())


def roll_of(
    activity: Activity, reach: Reach, viewer: Cadre, today: date, tree: Tree, only: Collection[int] | None = None
) -> list[Row]:
    """Whom the viewer may record, and the own row: first who is expected, then by department and 工号; `only` some."""
    chosen = Q() if only is None else Q(cadre__in=only)
    who = "cadre_id", "cadre__employee_number", "cadre__name"
    posted = Posting.objects.filter(chosen).covering(activity.date)
    expected = expected_at(activity, chosen)
    people = {
        id: Row(id, number, name, department, tree.paths[department], is_own=id == viewer.pk)
        for id, number, name, department in posted.values_list(*who, "department")
        if id == viewer.pk or reach.covers(department, is_named=id in expected)
    }
    attendances: dict[int, list[Attendance]] = defaultdict(list)
    for each in Attendance.objects.filter(chosen, activity=activity).select_related("cadre").order_by("pk"):
        attendances[each.cadre_id].append(each)
        if each.cadre_id not in people and reach.everybody:
            cadre = each.cadre
            people[cadre.pk] = Row(cadre.pk, cadre.employee_number, cadre.name, None, NOWHERE)
    rows = (with_state(row, attendances[id], expected.get(id, ("", False)), today) for id, row in people.items())
    places = {node.id: place for place, node in enumerate(tree.ordered)}
    return sorted(
        rows,
        key=lambda row: (not row.is_speaker, not row.expected, places.get(row.department or 0, -1), row.number),
    )


def with_state(row: Row, attendances: list[Attendance], expected: tuple[str, bool], today: date) -> Row:
    state, (why, is_speaker) = presence_of(attendances), expected
    shown = [each for each in attendances if each.capacity == state] or attendances
    return replace(
        row,
        state=state,
        expected=why,
        is_speaker=is_speaker,
        record=shown[0].pk if shown else None,
        is_settled=any(needs_reason(each, today) for each in attendances),
    )


def expected_at(activity: Activity, chosen: Q) -> dict[int, tuple[str, bool]]:
    """Who is named on the activity or signed up: by the person's key why, and whether they speak."""
    signed_up = Registration.objects.registered().filter(chosen, activity=activity)
    found = dict.fromkeys(signed_up.values_list("cadre", flat=True), (REGISTERED, False))
    for speaker in Speaker.objects.filter(chosen, activity=activity, cadre__isnull=False):
        assert speaker.cadre_id is not None
        found[speaker.cadre_id] = (f"安排{speaker.get_part_display()}", speaker.part in SPEAKING)
    return found


def named_by(rows: Iterable[Row], words: str) -> list[Row]:
    """Of whom every word of a search names; signs alone name nobody."""
    wanted = [bare(word) for word in words.split()]
    return [row for row in rows if all(word and is_named(word, row.name, row.number) for word in wanted)]


def namesakes(rows: Iterable[Row]) -> frozenset[str]:
    """Names that several of them have: their numbers tell them apart."""
    seen: dict[str, int] = defaultdict(int)
    for row in rows:
        seen[row.name] += 1
    return frozenset(name for name, times in seen.items() if times > 1)
