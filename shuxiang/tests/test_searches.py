"""A long text that was pasted into a search: the box takes no more than an address can carry."""

import pytest

from assessment.tests.offices import NOW, Office
from shuxiang.tests.test_pages_markup import Page

pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]
SEARCHES = [
    "/works/",
    "/appraisal/2024Q2/people/",
    "/appraisal/2024Q2/entries/",
    "/appraisal/2024Q2/departments/{department}/",
    "/admin/submissions/submission/review/",
    "/admin/submissions/submission/",
    "/admin/organization/cadre/",
]


@pytest.mark.parametrize("address", SEARCHES)
def test_a_long_text_is_cut_by_the_box_and_by_the_page(client, address):
    office = Office().assess()
    client.force_login(office.clerk)
    response = client.get(address.format(department=office.law.pk), {"q": "长" * 400 + "\0"})
    assert response.status_code == 200
    boxes = [each for each in Page(response.content.decode()).all("input") if each.get("name") == "q"]
    assert [each.get("maxlength") for each in boxes] == ["100"]
    assert len(boxes[0]["value"]) <= 100
