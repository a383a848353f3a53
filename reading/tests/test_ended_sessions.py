"""What was typed into the reading room's forms while the session ended waits on the same page; files do not."""

import re
import time

import pytest
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from organization.roles import Role
from reading.models import Book, DigitalResource, Donation, Place, Plan, Project, Suggestion
from reading.tests.acquisitions import a_suggestion
from reading.tests.factories import BookFactory, PlaceFactory, reader
from reading.tests.plan_making import NOW, begun

pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]
PASSWORD = "Lanting-3-yue"
WORDS = "没有保存的话"
ROWS = {"TOTAL_FORMS": "2", "INITIAL_FORMS": "0"}
TABLES = (Book, DigitalResource, Donation, Place, Plan, Project, Suggestion)


def rows(prefix, **fields):
    return {f"{prefix}-{name}": value for name, value in {**ROWS, **fields}.items()}


def pages(person):
    """Each page with its form: where it is opened, where it is sent, what is typed."""
    plan, place = begun(person), PlaceFactory()
    project = Project.objects.create(title="改造")
    gifts, pieces, lines = (rows(name, **{"1-" + field: WORDS}) for name, field in (
        ("items", "title"), ("pieces", "name"), ("lines", "name")
    ))  # fmt: skip
    return {
        "/donations/new/": gifts,
        "/suggestions/new/": {"title": WORDS},
        f"/suggestions/{a_suggestion(person).pk}/edit/": {"title": WORDS},
        "/books/new/": {"title": WORDS},
        f"/books/{BookFactory().pk}/edit/": {"title": WORDS},
        "/spaces/new/": pieces,
        f"/spaces/{place.pk}/edit/": pieces,
        "/spaces/projects/new/": lines,
        f"/spaces/projects/{project.pk}/edit/": lines,
        f"/plans/{plan.pk}/": {"text": WORDS},
    }


def test_what_was_typed_outlives_the_session(client):
    person = reader(Role.LIBRARIAN)
    person.password = make_password(PASSWORD)
    person.save(update_fields=["password"])
    for page, typed in pages(person).items():
        client.force_login(person)
        opened = client.get(page).content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(writer|token|seen)" value="([^"]*)"', opened))
        session = client.session
        session["seen_at"] = int(time.time()) - 31 * 60
        session.save()
        where = f"{page}notes/" if page.startswith("/plans/") else page
        before = [table.objects.count() for table in TABLES]
        response = client.post(where, hidden | typed, headers={"referer": f"http://testserver{page}"})
        assert response.url.startswith(reverse("login")), page
        client.post(response.url, {"username": person.employee_number, "password": PASSWORD})
        again = client.get(page).content.decode()
        assert (WORDS in again, "已取回登录失效前填写的文字" in again) == (True, True), page
        for name in ("token", "seen"):
            assert name not in hidden or f'name="{name}" value="{hidden[name]}"' in again, page
        assert WORDS not in client.get(page).content.decode(), page
        assert [table.objects.count() for table in TABLES] == before
