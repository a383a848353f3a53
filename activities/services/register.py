"""活动签到 as Excel: checks, plan and writing (assessment rules, section 10)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import IntegrityError

from activities.models import Activity, ActivityEvent, Attendance, AttendanceEvent
from activities.states import ActivityAction, ActivityState
from organization.directory import Directory, Member
from organization.models import Cadre
from shuxiang.periods import written
from shuxiang.rows import insert_plain, update_rows
from shuxiang.typography import shorten
from shuxiang.workbooks.importing import Created, Line, Named, Plan
from shuxiang.workbooks.registers import (
    Record,
    Register,
    SheetSpec,
    choice_column,
    date_column,
    employee_number_column,
    text_column,
)
from shuxiang.workbooks.values import clean_text

SHEET = "活动签到"
REFERENCE, TITLE, CATEGORY, DATE, NUMBER, CAPACITY = "活动编号", "活动名称", "类型", "日期", "工号", "身份"
CHUNK = 500
REASON = "登记表导入"
REASON_LENGTH = 300
NAMED = 10

SPECS = (
    SheetSpec(
        SHEET,
        (
            text_column(REFERENCE, 40, required=True),
            text_column(TITLE, 200, required=True),
            text_column(CATEGORY, 50),
            date_column(DATE, required=True),
            employee_number_column(NUMBER, required=True),
            choice_column(CAPACITY, {capacity.label: capacity for capacity in Attendance.Capacity}, required=True),
        ),
    ),
)


class Held(NamedTuple):
    """An activity as the register wants it; `category` is None where it says nothing."""

    title: str
    category: str | None
    date: date


@dataclass(frozen=True)
class Presence:
    reference: str
    cadre: int
    capacity: str


def plan_attendance(register: Register, *, today: date, now: datetime, by: Cadre | None = None) -> Plan:
    """Checks the register and says what it would change.

    `by` is who brings it in, None for a command on the server: nobody records the own attendance.
    """
    records = register.records[SHEET]
    known = {activity.reference: activity for activity in Activity.objects.all()}
    recorded = {Presence(*row) for row in Attendance.objects.values_list("activity__reference", "cadre_id", "capacity")}
    check_activities(records, known, today)
    directory = Directory.load()
    present = check_people(records, directory, recorded)
    if by is not None:
        refuse_own(present, recorded, by)
    good = [(record, row) for record, row in present if not record.problems]
    held = {row.reference: held_of(record) for record, row in good}
    new = {row: record.row for record, row in reversed(good) if row not in recorded}
    plan = Plan(unchanged=len({row for _, row in good} & recorded))
    if repeated := len(good) - len({row for _, row in good}):
        plan.notices.append(f"“{SHEET}”有 {repeated} 行完全重复，按一次计。")
    created = {reference: activity for reference, activity in held.items() if reference not in known}
    renamed = [
        (known[reference], activity)
        for reference, activity in held.items()
        if reference in known and differs(known[reference], activity)
    ]
    if created:
        held_new = [Named(reference) for reference in sorted(created)]
        plan.created.append(Created(f"新建活动 {len(created)} 次", held_new, NAMED))
    plan.created += [
        Created(f"修改活动 {old.reference}", [Named(f"{old.title} → {activity.title}")]) for old, activity in renamed
    ]
    people = {member.id: member for member in directory.members.values()}
    plan.added = [added_line(row, people[row.cadre], number) for row, number in reversed(new.items())]
    plan.apply = lambda: apply_attendance(created, renamed, list(new), by, now)
    return plan


def added_line(row: Presence, member: Member, number: int) -> Line:
    capacity = Attendance.Capacity(row.capacity).label
    return Line("新增", f"{row.reference} 第 {number} 行", (f"{member.name}（{member.number}）{capacity}",))


def refuse_own(present: Sequence[tuple[Record, Presence]], recorded: set[Presence], by: Cadre) -> None:
    for record, row in present:
        if row.cadre == by.pk and row not in recorded:
            record.refuse(NUMBER, "是您本人，不能登记自己的活动签到，这一行要由办公室的另一位同事导入")


def held_of(record: Record) -> Held:
    return Held(record.values[TITLE], record.values.get(CATEGORY) or None, record.values[DATE])


def differs(activity: Activity, held: Held) -> bool:
    """A name is compared as a cell is read: spaces that no cell keeps are no other name."""
    return clean_text(activity.title) != held.title or held.category not in (None, clean_text(activity.category))


def check_activities(records: Sequence[Record], known: dict[str, Activity], today: date) -> None:
    """One 活动编号 is one activity: the same date, name and kind on all its rows, and the stored date; one that has
    been cancelled, or is yet to come, was attended by nobody."""
    by_reference: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.values.get(REFERENCE):
            by_reference[record.values[REFERENCE]].append(record)
    for reference, rows in by_reference.items():
        for column in (DATE, TITLE, CATEGORY):
            values = {row.values[column] for row in rows if row.values.get(column)}
            if len(values) > 1:
                named = "、".join(written(value) if column == DATE else value for value in sorted(values))
                for row in rows:
                    row.refuse(column, f"活动 {reference} 的{column}不一致：{named}，请统一后重新导入")
        stored = known.get(reference)
        for row in rows:
            if stored and row.values.get(DATE) not in (None, stored.date):
                row.refuse(DATE, f"活动 {reference} 已登记在 {written(stored.date)}，改日期请到工作台的“活动”里修改")
            elif stored and stored.state == ActivityState.CANCELLED:
                row.refuse(REFERENCE, f"活动 {reference} 已经取消，不登记签到；确实举办了的，请先恢复这次活动")
            elif (day := row.values.get(DATE)) and day > today:
                row.refuse(DATE, f"活动 {reference} 在 {written(day)}举行，当天起才能登记签到")


def check_people(
    records: Sequence[Record], directory: Directory, recorded: set[Presence]
) -> list[tuple[Record, Presence]]:
    """Everybody must be known and, unless recorded already, in service on the day of the activity."""
    found = []
    for record in records:
        number, day = record.values.get(NUMBER), record.values.get(DATE)
        if number is None:
            continue
        member = directory.find(number)
        if member is None:
            record.refuse(
                NUMBER, f"没有工号 {number}，请核对；工号以 0 开头时请把该列设为文本格式，新来的人先导入花名册"
            )
            continue
        capacity = record.values.get(CAPACITY)
        row = Presence(record.values.get(REFERENCE) or "", member.id, capacity.value if capacity else "")
        if day is not None and row not in recorded and not member.in_service(day):
            record.refuse(NUMBER, f"{member.name}（{member.number}）在 {written(day)}不在职，请核对日期或任职")
        elif not record.problems:
            found.append((record, row))
    return found


def apply_attendance(
    created: dict[str, Held],
    renamed: list[tuple[Activity, Held]],
    new: list[Presence],
    by: Cadre | None,
    now: datetime,
) -> None:
    Activity.objects.bulk_create(
        [
            Activity(reference=reference, title=held.title, category=held.category or "", date=held.date)
            for reference, held in created.items()
        ],
        batch_size=CHUNK,
    )
    told = [edited(activity, held) for activity, held in renamed]
    for activity, held in renamed:
        activity.title, activity.changed_at = held.title, now
        activity.category = activity.category if held.category is None else held.category
        activity.version, activity.sequence = activity.version + 1, activity.sequence + 1
    changed = ["title", "category", "changed_at", "version", "sequence"]
    update_rows([activity for activity, _ in renamed], changed)
    ids = dict(Activity.objects.values_list("reference", "id"))
    made = [(ids[reference], ActivityAction.SCHEDULE, "", ActivityState.HELD, REASON) for reference in created]
    told_in = ("activity_id", "action", "from_state", "to_state", "reason", "at", "actor_id")
    actor = by.pk if by is not None else None
    insert_plain(ActivityEvent, told_in, ((*event, now, actor) for event in (*made, *told)))
    hold({ids[row.reference] for row in new}, by, now)
    recorded = Attendance.objects.bulk_create(
        [
            Attendance(activity_id=ids[row.reference], cadre_id=row.cadre, capacity=row.capacity, recorded_by=by)
            for row in new
        ],
        batch_size=CHUNK,
    )
    columns = ("attendance_id", "at", "actor_id", "from_state", "to_state", "reason")
    insert_plain(AttendanceEvent, columns, ((row.pk, now, actor, "", row.capacity, REASON) for row in recorded))


def edited(activity: Activity, held: Held) -> tuple[int, str, str, str, str]:
    """Key, action, states and reason of the event that says what changes."""
    pairs = [("活动名称", activity.title, held.title), ("类型", activity.category, held.category)]
    changes = [(name, shorten(old, 40) or "未填", shorten(new, 40)) for name, old, new in pairs if new and new != old]
    said = [f"{name}：{old} → {new}" for name, old, new in changes]
    state = activity.state
    return activity.pk, ActivityAction.EDIT, state, state, f"{REASON}。{'；'.join(said)}"[:REASON_LENGTH]


def hold(attended: set[int], by: Cadre | None, now: datetime) -> None:
    """Activities at which somebody was are held; one that is being cancelled at this moment makes the import fail."""
    others = Activity.objects.exclude(state=ActivityState.HELD).values_list("pk", flat=True)
    planned = list(Activity.objects.filter(pk__in=attended.intersection(others)).select_for_update().order_by("pk"))
    if any(activity.state == ActivityState.CANCELLED for activity in planned):
        raise IntegrityError("cancelled meanwhile")
    Activity.objects.filter(pk__in=[activity.pk for activity in planned]).update(state=ActivityState.HELD)
    held: dict[str, Any] = {"action": ActivityAction.HOLD, "to_state": ActivityState.HELD, "reason": REASON}
    ActivityEvent.objects.bulk_create(
        ActivityEvent(activity=each, at=now, actor=by, from_state=each.state, **held) for each in planned
    )
