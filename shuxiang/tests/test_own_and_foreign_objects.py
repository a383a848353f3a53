"""Each role at objects of oneself, of the same department, of another one and of another agency."""

import pytest
from django.urls import reverse

from organization.roles import Role
from organization.tests.county import NO_ROWS, County
from shuxiang.tests.addresses import read_out
from shuxiang.tests.neighbours import DESK, OBJECTS, own_same_other_foreign

pytestmark = pytest.mark.django_db

# Model: role: (status of GET, status of an empty POST) of the own row, one of the same department, of another
# department of the agency, of another agency. Other roles of the desk: 403. Out of sight: 302 to the desk's start.
OWN_SAME_OTHER_FOREIGN = {
    "organization.cadre": {
        Role.OFFICE: ((200, 403), (200, 200), (200, 200), (302, 302)),
        Role.SECURITY: ((200, 403), (200, 200), (200, 200), (200, 200)),
    },
    "submissions.submission": {Role.OFFICE: ((200, 403), (200, 403), (200, 403), (302, 403))},
    "activities.attendance": {Role.OFFICE: ((200, 200), (200, 200), (200, 200), (302, 302))},
    "assessment.personresult": {Role.OFFICE: ((200, 403), (200, 403), (200, 403), (302, 403))},
    "assessment.entry": {Role.OFFICE: ((200, 403), (200, 403), (200, 403), (302, 403))},
}


@pytest.mark.parametrize("role", list(Role))
def test_pages_of_own_same_other_and_foreign_objects(role, client):
    viewer, rows = own_same_other_foreign(role)
    for name, (label, by_role) in OBJECTS.items():
        urls = [reverse(name, args=[each[label].pk]) for each in rows]
        client.logout()
        assert [client.get(url).status_code for url in urls] == [302] * 4, name
        client.force_login(viewer)
        responses = [client.get(url) for url in urls]
        assert tuple(response.status_code for response in responses) == by_role[role], name
        for response in responses:
            read_out(response)


@pytest.mark.parametrize("role", list(Role))
def test_own_same_other_and_foreign_rows(role, client):
    viewer, rows = own_same_other_foreign(role)
    client.force_login(viewer)
    for label, by_role in OWN_SAME_OTHER_FOREIGN.items():
        expected = by_role.get(role, ((403, 403) if role in DESK else (302, 302),) * 4)
        urls = [reverse(f"admin:{label.replace('.', '_')}_change", args=[each[label].pk]) for each in rows]
        found = tuple((client.get(url).status_code, client.post(url, NO_ROWS).status_code) for url in urls)
        assert found == expected, label


def test_a_filled_in_page_of_another_agency_changes_nothing(client):
    county = County()
    client.force_login(county.clerk)
    for row in (county.stranger, county.theirs, county.foreign_office, county.root):
        url = reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
        typed = {"name": "改名", "position": 0, "seen": row.changed_at.isoformat()}
        response = client.post(url, typed | NO_ROWS)
        assert (response.status_code, response.url) == (302, reverse("admin:index"))
        assert type(row).objects.filter(name="改名").count() == 0
