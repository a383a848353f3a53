"""Themes: their services with two stale copies, templates and dates, book lists, attached activities."""

from datetime import date, datetime

import pytest

from activities.models import ActivityEvent, Theme, ThemeEvent
from activities.services.theme_templates import TEMPLATES
from activities.services.theming import (
    MOST_BOOKS,
    Listed,
    ThemeContent,
    close_theme,
    edit_theme,
    make_theme,
    reopen_theme,
)
from activities.states import ActivityState
from activities.tests.factories import ActivityFactory
from organization.models import DepartmentKind
from organization.roles import Role
from organization.services.lives import Stale
from organization.services.roles import NotAllowed
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import reader
from shuxiang.periods import SHANGHAI

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 9, 10, tzinfo=SHANGHAI)
CONTENT = ThemeContent("党史学习教育读书月", date(2026, 6, 1), date(2026, 6, 30), "读党史", "省委〔2026〕1 号")


def made(by=None, books=(), activities=(), content=CONTENT) -> Theme:
    office = by or reader(Role.OFFICE)
    return make_theme(content=content, books=books, activities=activities, by=office, now=NOW)


def test_of_two_who_change_what_both_saw_the_second_is_told():
    office = reader(Role.OFFICE)
    theme = made(office)
    copies = [Theme.objects.get(pk=theme.pk) for _ in range(2)]
    edit = {"seen": 1, "books": [], "activities": [], "by": office, "now": NOW}
    edit_theme(theme=copies[0], content=CONTENT._replace(title="先存的"), **edit)
    with pytest.raises(Stale):
        edit_theme(theme=copies[1], content=CONTENT._replace(title="后填的"), **edit)
    for step in (close_theme, reopen_theme):
        copies = [Theme.objects.get(pk=theme.pk) for _ in range(2)]
        step(theme=copies[0], seen=copies[0].version, by=office, now=NOW)
        with pytest.raises(Stale):
            step(theme=copies[1], seen=copies[1].version, by=office, now=NOW)
    told = list(ThemeEvent.objects.values_list("reason", flat=True))
    assert told == ["建立", "修改名称", "停用", "恢复使用"]
    assert Theme.objects.get().title == "先存的"


def test_only_the_office_of_the_host_makes_and_changes_it():
    ours, theirs = (DepartmentFactory(parent=bureau(), kind=DepartmentKind.AGENCY) for _ in range(2))
    own, other = (CadreFactory(roles=[Role.OFFICE], department=each) for each in (ours, theirs))
    theme = made(own, content=CONTENT._replace(department=ours))
    for by in (other, reader(), reader(Role.LEADER)):
        with pytest.raises(NotAllowed):
            edit_theme(theme=theme, seen=1, content=CONTENT, books=[], activities=[], by=by, now=NOW)
        with pytest.raises(NotAllowed):
            close_theme(theme=theme, seen=1, by=by, now=NOW)
        with pytest.raises(NotAllowed):
            made(by, content=CONTENT._replace(department=ours))
    with pytest.raises(NotAllowed):
        made(own)


def test_the_same_theme_sent_twice_is_one():
    office = reader(Role.OFFICE)
    assert made(office) == made(office)
    assert Theme.objects.count() == ThemeEvent.objects.count() == 1


def test_activities_are_attached_and_let_go_and_who_edits_them_is_told():
    office = reader(Role.OFFICE)
    one, two, cancelled = ActivityFactory(), ActivityFactory(), ActivityFactory(state=ActivityState.CANCELLED)
    stamp = one.changed_at
    theme = made(office, activities=[one.pk, cancelled.pk])
    assert list(theme.activities.all()) == [one]
    one.refresh_from_db()
    assert (one.version, one.changed_at) == (2, stamp)
    edit_theme(theme=theme, seen=1, content=CONTENT, books=[], activities=[two.pk], by=office, now=NOW)
    assert list(theme.activities.all()) == [two]
    said = list(ActivityEvent.objects.order_by("pk").values_list("activity", "reason"))
    named = f"主题阅读“{CONTENT.title}”"
    assert said == [(one.pk, f"列入{named}"), (two.pk, f"列入{named}"), (one.pk, f"不再列入{named}")]


def test_another_offices_activities_are_neither_attached_nor_let_go():
    group = DepartmentFactory(parent=bureau(), kind=DepartmentKind.AGENCY)
    office = CadreFactory(roles=[Role.OFFICE], department=group)
    theme = made(office, content=CONTENT._replace(department=group))
    kept, foreign = ActivityFactory(theme=theme), ActivityFactory()
    content = CONTENT._replace(department=group)
    edit_theme(theme=theme, seen=1, content=content, books=[], activities=[foreign.pk], by=office, now=NOW)
    assert list(theme.activities.all()) == [kept]


@pytest.mark.parametrize(
    ("key", "year", "since", "until"),
    [
        ("reading_month", 2026, date(2026, 12, 1), date(2026, 12, 31)),
        ("book_day", 2024, date(2024, 4, 22), date(2024, 4, 28)),
        ("book_day", 2026, date(2026, 4, 20), date(2026, 4, 26)),
        ("book_day", 2028, date(2028, 4, 17), date(2028, 4, 23)),
        ("book_day", 2029, date(2029, 4, 16), date(2029, 4, 23)),
        ("party_day", 2027, date(2027, 6, 25), date(2027, 7, 5)),
        ("national_day", 2027, date(2027, 9, 25), date(2027, 10, 7)),
    ],
)
def test_templates_propose_their_days(key, year, since, until):
    filled = TEMPLATES[key].filled(year)
    assert (filled["since"], filled["until"]) == (since, until)
    assert filled["title"].startswith(f"{year} 年")


def test_too_many_books_are_refused():
    with pytest.raises(ValueError, match="最多"):
        made(books=[Listed(f"书{number}") for number in range(MOST_BOOKS + 1)])
