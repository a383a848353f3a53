"""From the page of a theme to the forms of an activity and of a call that belong to it."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from activities.models import Activity, Call
from activities.tests.factories import ThemeFactory
from activities.tests.scheduled import ROWS
from organization.roles import Role
from organization.tests.county import County
from reading.tests.factories import reader
from reading.tests.hostile import HOSTILE
from shuxiang.periods import SHANGHAI

TODAY = date(2026, 3, 9)
pytestmark = [pytest.mark.django_db, pytest.mark.at(datetime(2026, 3, 9, 10, tzinfo=SHANGHAI))]
NEW = ("activity_new", "call_new")


def links(client, theme) -> list[bool]:
    page = client.get(reverse("theme", args=[theme.pk])).content.decode()
    return [f'href="{reverse(name)}?theme={theme.pk}"' in page for name in NEW]


def chosen(client, name: str, theme) -> list[str]:
    """What the form has selected as its theme."""
    field = client.get(reverse(name), {"theme": getattr(theme, "pk", theme)}).context["form"]["theme"]
    return [str(each.data["value"]) for each in field.subwidgets if each.data["selected"] and each.data["value"]]


def test_the_page_leads_to_both_forms_who_may_edit_it(client):
    theme, county = ThemeFactory(), County()
    own = ThemeFactory(department=county.ours)
    for viewer, of_root, of_agency in (
        (county.head, [True, True], [True, True]),
        (county.clerk, [False, False], [True, True]),
        (county.colleague, [False, False], [False, False]),
    ):
        client.force_login(viewer)
        assert (links(client, theme), links(client, own)) == (of_root, of_agency), viewer


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"until": TODAY}, [True, True]),
        ({"until": date(2026, 3, 8)}, [True, False]),
        ({"is_closed": True}, [False, False]),
    ],
)
def test_nothing_is_arranged_for_what_is_closed_and_nothing_called_for_what_is_over(client, columns, expected):
    client.force_login(reader(Role.OFFICE))
    assert links(client, ThemeFactory(**columns)) == expected


@pytest.mark.parametrize("name", NEW)
def test_the_form_opens_with_the_theme_only_where_it_is_in_sight_and_in_use(client, name):
    county = County()
    own, root = ThemeFactory(department=county.ours), ThemeFactory()
    foreign, closed = ThemeFactory(department=county.theirs, title="外单位的"), ThemeFactory(is_closed=True)
    client.force_login(county.clerk)
    for theme, expected in ((own, [str(own.pk)]), (root, [str(root.pk)]), (foreign, []), (closed, []), (10**9, [])):
        assert chosen(client, name, theme) == expected
    assert "外单位的" not in client.get(reverse(name), {"theme": foreign.pk}).content.decode()


@pytest.mark.parametrize("name", NEW)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_addresses_choose_nothing(client, name, text):
    ThemeFactory()
    client.force_login(reader(Role.OFFICE))
    assert chosen(client, name, text) == []


@pytest.mark.parametrize(
    ("since", "until", "day"),
    [
        (date(2026, 4, 1), date(2026, 4, 30), date(2026, 4, 1)),
        (date(2026, 3, 1), date(2026, 3, 31), TODAY),
        (date(2026, 2, 1), date(2026, 2, 28), date(2026, 2, 28)),
    ],
)
def test_the_activity_is_offered_for_a_day_of_the_theme(client, since, until, day):
    county = County()
    theme = ThemeFactory(since=since, until=until, department=county.ours)
    client.force_login(county.clerk)
    form = client.get(reverse("activity_new"), {"theme": theme.pk}).context["form"]
    assert (form["date"].value(), form["department"].value()) == (day, county.ours.pk)


def test_what_is_sent_from_the_forms_belongs_to_the_theme(client):
    theme = ThemeFactory()
    client.force_login(reader(Role.OFFICE))
    said = {"title": "读一本书", "theme": theme.pk, "date": "2026-03-20", "sign_up": "none", "for_office": "on"}
    client.post(f"{reverse('activity_new')}?theme={theme.pk}", said | ROWS)
    asked = {"title": "读后写", "theme": theme.pk, "kinds": ["essay"], "rules": "一、", "labels": ["for_office"]}
    client.post(reverse("call_new"), asked | {"since": "2026-03-09", "until": "2026-03-31"})
    assert (Activity.objects.get().theme, Call.objects.get().theme) == (theme, theme)


def test_an_activity_of_another_agencys_theme_is_refused(client):
    county = County()
    theme = ThemeFactory(department=county.theirs)
    client.force_login(county.clerk)
    said = {"title": "读一本书", "theme": theme.pk, "date": "2026-03-20", "sign_up": "none", "for_office": "on"}
    page = client.post(reverse("activity_new"), said | ROWS | {"department": county.office.pk})
    assert "请从列出的主题阅读里选" in page.content.decode()
    assert not Activity.objects.exists()
