from decimal import Decimal

import pytest
from django.urls import reverse

from reading.models import BudgetLine, Furniture, Place, Project
from reading.tests.factories import CopyFactory, PlaceFactory
from reading.tests.people import clerk

__all__ = ["clerk"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clerk")]
MANAGED = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}


def rows(prefix: str, *cells: dict, known: int = 0) -> dict:
    """What the inline form of these rows sends; the first `known` of them are stored."""
    sent = {f"{prefix}-{name}": value for name, value in MANAGED.items()}
    sent |= {f"{prefix}-TOTAL_FORMS": len(cells), f"{prefix}-INITIAL_FORMS": known}
    return sent | {
        f"{prefix}-{number}-{name}": value for number, row in enumerate(cells) for name, value in row.items()
    }


def a_place(*furniture: dict, known: int = 0, **values) -> dict:
    return {"code": "YLS", "name": "阅览室", "kind": "room", "position": 0, **values, **rows(
        "furniture", *furniture, known=known
    )}  # fmt: skip


def test_a_place_with_furniture_is_added_and_changed_at_the_desk(client):
    sent = client.post(reverse("admin:reading_place_add"), a_place({"name": "书架", "quantity": 2, "note": ""}))
    assert sent.status_code == 302
    place, shelf = Place.objects.get(code="YLS"), Furniture.objects.get()
    values = a_place(
        {"id": shelf.pk, "place": place.pk, "name": "书架", "quantity": 3, "note": ""},
        {"name": "阅览桌", "quantity": 1, "note": ""},
        known=1, name="大阅览室", seen=place.changed_at.isoformat(),
    )  # fmt: skip
    address = reverse("admin:reading_place_change", args=[place.pk])
    assert client.post(address, values).status_code == 302
    place.refresh_from_db()
    assert place.name == "大阅览室"
    assert list(place.furniture.order_by("pk").values_list("pk", "name", "quantity")) == [
        (shelf.pk, "书架", 3), (shelf.pk + 1, "阅览桌", 1),
    ]  # fmt: skip
    assert "刚被别人修改过" in client.post(address, values).content.decode()


def test_the_desk_closes_no_place_that_holds_copies(client):
    place = PlaceFactory(code="YLS")
    CopyFactory(home=place)
    values = a_place(is_closed="on", seen=place.changed_at.isoformat())
    page = client.post(reverse("admin:reading_place_change", args=[place.pk]), values).content.decode()
    assert "还有 1 册馆藏" in page
    place.refresh_from_db()
    assert not place.is_closed


def test_a_project_with_its_budget_is_added_and_changed_at_the_desk(client):
    values = {"title": "照明改造", "state": "planned"}
    line = {"item": "灯", "planned": "1200", "spent": "0", "voucher": ""}
    sent = client.post(reverse("admin:reading_project_add"), values | rows("budget_lines", line))
    assert sent.status_code == 302
    project, stored = Project.objects.get(), BudgetLine.objects.get()
    address = reverse("admin:reading_project_change", args=[project.pk])
    values |= {"state": "done", "seen": project.changed_at.isoformat()}
    values |= rows("budget_lines", line | {"id": stored.pk, "project": project.pk, "spent": "1100"}, known=1)
    assert client.post(address, values).status_code == 302
    project.refresh_from_db()
    assert project.state == "done"
    assert list(project.budget_lines.values_list("pk", "spent")) == [(stored.pk, Decimal(1100))]
    assert "刚被别人修改过" in client.post(address, values).content.decode()
