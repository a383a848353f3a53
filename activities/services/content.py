"""What an activity is, when and where, as its form holds it: checked, compared with what is stored, and written."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from django.db.models import Exists, OuterRef

from activities.kinds import SignUp
from activities.models import Activity, ActivityBook, Lecturer, Registration, Speaker, Theme
from activities.states import ActivityState
from organization.models import Cadre, Department, Posting
from organization.services.lives import FieldRefused
from reading.models import Book
from shuxiang.periods import dated, shanghai_date
from shuxiang.typography import shorten

# Where one of these changes, people are told; where one of the second does, calendars hear of it.
WHEN_AND_WHERE = frozenset({"date", "until", "starts_at", "ends_at", "venue"})
ON_CALENDARS = WHEN_AND_WHERE | {"title"}
# Stand in the ledger.
IN_THE_LEDGER = frozenset({"title", "date"})
# Long ones are told by their names alone.
TOLD_IN_WORDS = ("title", "date", "until", "starts_at", "ends_at", "venue", "capacity")
NAMED = 10


@dataclass(frozen=True)
class Voice:
    """A named person's part: one of the staff, a lecturer whom the portal knows, or one to be added by name."""

    part: str
    cadre: Cadre | None = None
    lecturer: Lecturer | None = None
    name: str = ""
    unit: str = ""
    topic: str = ""


@dataclass(frozen=True)
class Title:
    title: str
    book: Book | None = None


@dataclass(frozen=True)
class ActivityContent:
    title: str
    date: dt.date
    category: str = ""
    until: dt.date | None = None
    starts_at: dt.time | None = None
    ends_at: dt.time | None = None
    venue: str = ""
    department: Department | None = None
    organiser: Cadre | None = None
    theme: Theme | None = None
    for_office: bool = True
    for_branch: bool = False
    for_union: bool = False
    description: str = ""
    sign_up: str = SignUp.NONE
    sign_up_until: dt.datetime | None = None
    capacity: int | None = None
    guests: int | None = None
    partner: str = ""
    conclusions: str = ""
    voices: Sequence[Voice] = field(default=())
    titles: Sequence[Title] = field(default=())

    @classmethod
    def of(cls, activity: Activity) -> Self:
        speakers = activity.speakers.select_related("cadre", "lecturer")
        voices = [Voice(each.part, each.cadre, each.lecturer, topic=each.topic) for each in speakers]
        titles = [Title(each.title, each.book) for each in activity.books.select_related("book")]
        return cls(**{name: getattr(activity, name) for name in COLUMNS}, voices=voices, titles=titles)

    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in COLUMNS}


COLUMNS = tuple(name for name in ActivityContent.__dataclass_fields__ if name not in ("voices", "titles"))


def check_content(content: ActivityContent, stored: Activity | None, now: dt.datetime) -> None:
    """Whether it can be so; `stored` as locked by the transaction. Raises FieldRefused."""
    check_times(content)
    if not (content.for_office or content.for_branch or content.for_union):
        raise FieldRefused("机关、支部、工会请至少选一个，活动在选中的页面上显示。", "for_office")
    if stored is None:
        return
    if stored.state == ActivityState.HELD and content.date > shanghai_date(now):
        raise FieldRefused("活动已经登记举办，日期不能晚于今天；还没有举办的请先改回已安排。", "date")
    check_seats(content, stored)
    if content.date != stored.date:
        check_attendance(content.date, stored)


def check_times(content: ActivityContent) -> None:
    if content.until is not None and content.until < content.date:
        raise FieldRefused("结束日期不能早于开始日期，请改正其中之一。", "until")
    if content.ends_at is not None and content.starts_at is None:
        raise FieldRefused("请填写开始时间，或清空结束时间。", "starts_at")
    several = content.until is not None and content.until > content.date
    if content.starts_at and content.ends_at and content.ends_at <= content.starts_at and not several:
        raise FieldRefused("结束时间要晚于开始时间，请改正其中之一。", "ends_at")
    closes = content.sign_up_until
    if closes is not None and shanghai_date(closes) > (content.until or content.date):
        raise FieldRefused("报名截止不能晚于活动结束的那天，请改正其中之一。", "sign_up_until")


def check_seats(content: ActivityContent, stored: Activity) -> None:
    if content.capacity is not None and content.capacity < stored.seats_taken:
        taken = stored.seats_taken
        raise FieldRefused(f"已有 {taken} 人报名，名额不能少于 {taken}；要减少请先取消几个人的报名。", "capacity")
    closing = stored.sign_up == SignUp.OPEN and content.sign_up == SignUp.NONE
    if closing and Registration.objects.standing().filter(activity=stored).exists():
        raise FieldRefused("已经有人报名，不能改成不用报名；不再接受报名的，请把报名截止改到现在以前。", "sign_up")


def check_attendance(day: dt.date, stored: Activity) -> None:
    """Everybody recorded must have been in service on the new day, as on any day on which attendance is recorded."""
    serving = Posting.objects.filter(cadre=OuterRef("cadre")).covering(day)
    away = stored.attendances.filter(~Exists(serving), is_void=False).order_by("cadre__employee_number")
    names = list(dict.fromkeys(away.values_list("cadre__name", "cadre__employee_number")))
    if names:
        shown = "、".join(f"{name}（{number}）" for name, number in names[:NAMED])
        more = f"等 {len(names)} 人" if len(names) > NAMED else ""
        raise FieldRefused(
            f"{shown}{more}的签到已经登记，但 {dated(day)} 不在职；请核对日期，或先把他们的签到作废。", "date"
        )


def changed_columns(stored: Activity, content: ActivityContent) -> dict[str, Any]:
    return {name: value for name, value in content.columns().items() if getattr(stored, name) != value}


def in_words(stored: Activity, changed: dict[str, Any]) -> list[str]:
    """`日期：2026 年 3 月 28 日 星期六 → 2026 年 4 月 4 日 星期六`, a sentence each for what is short."""
    found = []
    fields = {column.name: column for column in Activity._meta.fields}
    for name, value in changed.items():
        label = str(fields[name].verbose_name)
        if name in TOLD_IN_WORDS:
            label += f"：{shown(getattr(stored, name))} → {shown(value)}"
        found.append(label)
    return found


def shown(value: Any) -> str:
    if value is None or value == "":
        return "未填"
    if isinstance(value, dt.date):
        return dated(value)
    return f"{value:%H:%M}" if isinstance(value, dt.time) else shorten(str(value), 20)


def write_parts(activity: Activity, content: ActivityContent) -> list[str]:
    """Stores speakers and books as the form has them; gives the names of what changed."""
    changed = []
    speakers = [Speaker(activity=activity, part=voice.part, cadre=voice.cadre, topic=voice.topic,
                        lecturer=None if voice.cadre else lecturer_of(voice)) for voice in content.voices]  # fmt: skip
    if not same(activity.speakers.all(), speakers, ("part", "cadre_id", "lecturer_id", "topic")):
        activity.speakers.all().delete()
        Speaker.objects.bulk_create(speakers)
        changed.append("主讲领读")
    books = [ActivityBook(activity=activity, title=each.title, book=each.book) for each in content.titles]
    if not same(activity.books.all(), books, ("title", "book_id")):
        activity.books.all().delete()
        ActivityBook.objects.bulk_create(books)
        changed.append("图书")
    return changed


def same(stored: Iterable[Any], wanted: Iterable[Any], names: Sequence[str]) -> bool:
    def values(rows: Iterable[Any]) -> list[tuple[Any, ...]]:
        return [tuple(getattr(row, name) for name in names) for row in rows]

    return values(stored) == values(wanted)


def lecturer_of(voice: Voice) -> Lecturer:
    """The one that is known by name and unit; a new one where nobody is."""
    if voice.lecturer is not None:
        return voice.lecturer
    known = Lecturer.objects.filter(name=voice.name, unit=voice.unit).order_by("is_closed", "pk").first()
    return known or Lecturer.objects.create(name=voice.name, unit=voice.unit)
