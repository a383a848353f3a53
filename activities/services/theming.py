"""Theme periods (党史学习教育读书月…): made, changed, closed, reopened; their book lists and attached activities.

Raises NotAllowed, Stale or ValueError, whose str() are Chinese sentences.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from activities.models import Activity, ActivityEvent, Theme, ThemeBook, ThemeEvent
from activities.services.authority import check_hosts
from activities.states import ActivityAction
from organization.models import Cadre, Department
from organization.services.lives import Stale
from reading.models import Book

WHAT = "主题阅读"
IN_USE, CLOSED = "使用", "停用"
MOST_BOOKS = 60
REASON_LENGTH = 300
LABELS = {"title": "名称", "since": "开始日期", "until": "结束日期", "description": "说明", "document": "依据文件",
          "department": "主办科室"}  # fmt: skip


class Listed(NamedTuple):
    """A line of the book list; `book` where the catalogue has it."""

    title: str
    book: Book | None = None
    note: str = ""


class ThemeContent(NamedTuple):
    title: str
    since: date
    until: date
    description: str = ""
    document: str = ""
    department: Department | None = None


def make_theme(
    *, content: ThemeContent, books: Sequence[Listed], activities: Collection[int], by: Cadre, now: datetime
) -> Theme:
    """`activities` are ids of those to attach. The same theme sent twice is one."""
    check_content(content, books, by)
    same = Theme.objects.in_use().filter(title=content.title, since=content.since, until=content.until)
    before = same.filter(department=content.department).first()
    if before is not None:
        return before
    with transaction.atomic():
        theme = Theme.objects.create(**content._asdict())
        list_books(theme, books)
        attach(theme, activities, by, now)
        record(theme, "", by, now, "建立")
    return theme


def edit_theme(
    *,
    theme: Theme,
    seen: int,
    content: ThemeContent,
    books: Sequence[Listed],
    activities: Collection[int],
    by: Cadre,
    now: datetime,
) -> None:
    check_hosts(by, theme.department)
    check_content(content, books, by)
    changed = [name for name, value in content._asdict().items() if getattr(theme, name) != value]
    with transaction.atomic():
        move(theme, seen, now, **content._asdict())
        listed = list_books(theme, books)
        attached = attach(theme, activities, by, now)
        told = [LABELS[name] for name in changed]
        told += ["书目"] * listed + ["活动"] * attached
        record(theme, IN_USE, by, now, f"修改{'、'.join(told)}" if told else "重新保存")


def close_theme(*, theme: Theme, seen: int, by: Cadre, now: datetime) -> None:
    """Offered no more; what belongs to it stays."""
    switch(theme, seen, True, by, now)


def reopen_theme(*, theme: Theme, seen: int, by: Cadre, now: datetime) -> None:
    switch(theme, seen, False, by, now)


@transaction.atomic
def switch(theme: Theme, seen: int, is_closed: bool, by: Cadre, now: datetime) -> None:
    check_hosts(by, theme.department)
    if theme.is_closed == is_closed:
        raise Stale(WHAT)
    move(theme, seen, now, is_closed=is_closed)
    record(theme, IN_USE if is_closed else CLOSED, by, now, CLOSED if is_closed else "恢复使用")


def check_content(content: ThemeContent, books: Sequence[Listed], by: Cadre) -> None:
    check_hosts(by, content.department)
    if content.until < content.since:
        raise ValueError("结束日期不能早于开始日期，请改正其中之一。")
    if len(books) > MOST_BOOKS:
        raise ValueError(f"书目最多 {MOST_BOOKS} 种，现在有 {len(books)} 种，请删减。")


def move(theme: Theme, seen: int, now: datetime, **columns: Any) -> None:
    same = Theme.objects.filter(pk=theme.pk, version=seen)
    if same.update(version=F("version") + 1, changed_at=now, **columns) != 1:
        raise Stale(WHAT)
    theme.refresh_from_db()


def record(theme: Theme, before: str, by: Cadre, now: datetime, reason: str) -> None:
    after = CLOSED if theme.is_closed else IN_USE
    ThemeEvent.objects.create(
        theme=theme, from_state=before, to_state=after, actor=by, at=now, reason=reason[:REASON_LENGTH]
    )


def list_books(theme: Theme, books: Sequence[Listed]) -> bool:
    """Whether the list is another now. A list is short and nothing points to its lines: it is written anew."""
    stored = [(line.title, line.book_id, line.note) for line in theme.books.all()]
    if stored == [(line.title, line.book.pk if line.book else None, line.note) for line in books]:
        return False
    theme.books.all().delete()
    ThemeBook.objects.bulk_create(ThemeBook(theme=theme, **line._asdict()) for line in books)
    return True


def attach(theme: Theme, chosen: Collection[int], by: Cadre, now: datetime) -> bool:
    """Whether other activities belong to it now. Only those that the person edits are attached or let go."""
    editable = Activity.objects.editable_by(by)
    coming = list(editable.standing().filter(pk__in=chosen).exclude(theme=theme))
    going = list(editable.filter(theme=theme).exclude(pk__in=chosen))
    for rows, column, told in ((coming, theme, "列入"), (going, None, "不再列入")):
        # Somebody who has the activity's form open is told: the version moves.
        Activity.objects.filter(pk__in=[row.pk for row in rows]).update(theme=column, version=F("version") + 1)
        ActivityEvent.objects.bulk_create(
            ActivityEvent(
                activity=row, action=ActivityAction.EDIT, from_state=row.state, to_state=row.state, actor=by, at=now,
                reason=f"{told}主题阅读“{theme.title}”",
            )
            for row in rows
        )  # fmt: skip
    return bool(coming or going)
