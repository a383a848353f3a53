"""Pages of the appraisal about one's own, the same department's, another's and another agency's people."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessment.models import Period
from organization.roles import Role
from shuxiang.tests.neighbours import own_same_other_foreign

pytestmark = pytest.mark.django_db
READERS = (Role.OFFICE, Role.LEADER)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("name", "about"), [("appraisal_person", "cadre_id"), ("appraisal_department", "department_id")]
)
def test_only_office_and_leaders_drill_down_and_only_in_their_agency(role, name, about, client):
    viewer, rows = own_same_other_foreign(role)
    Period.objects.update(assessed_at=timezone.now(), scheme_snapshot={"versions": [1], "name": "方案", "quotas": []})
    results = [each["assessment.personresult"] for each in rows]
    urls = [reverse(name, args=[result.period_id, getattr(result, about)]) for result in results]
    client.force_login(viewer)
    found = tuple(client.get(url).status_code for url in urls)
    assert found == ((200, 200, 200, 404) if role in READERS else (404, 404, 404, 404))
    board = [f"{reverse('board')}?period={result.period_id}&department={result.department_id}" for result in results]
    assert [client.get(url).status_code for url in board][3] == 404
