"""外部刊发 at the desk: recorded by the office for others, never for the own work."""

import pytest
from django.urls import reverse

from organization.models import AccessEvent
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory
from submissions.kinds import Level
from submissions.models import Publication, Submission
from submissions.services.publications import record_publication
from submissions.states import State
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
ADD = "admin:submissions_publication_add"
TYPED = {"level": Level.CITY.value, "outlet": "某报", "accepted_on": "2024-03-01", "evidence": "第 1 版"}


@pytest.fixture
def county():
    return County()


@pytest.fixture
def clerk(client, county):
    client.force_login(county.clerk)
    return county.clerk


def work_of(*people):
    return SubmissionFactory(people=people, state=State.APPROVED)


def record(work, by=None):
    return Publication.objects.create(submission=work, recorded_by=by, **TYPED)


def change(client, row, **data):
    url = reverse("admin:submissions_publication_change", args=[row.pk])
    return client.post(url, TYPED | {"seen": row.changed_at.isoformat()} | data)


def test_the_office_records_a_colleagues_work_and_is_named(client, clerk, county):
    work = work_of(county.colleague)
    assert client.post(reverse(ADD), TYPED | {"submission": work.pk}).status_code == 302
    assert Publication.objects.get().recorded_by == clerk


def test_nobody_records_a_work_that_names_the_recorder(client, clerk, county):
    work = work_of(county.colleague, clerk)
    response = client.post(reverse(ADD), TYPED | {"submission": work.pk})
    assert (response.status_code, "不能登记自己的作品的刊发" in response.content.decode()) == (200, True)
    assert Publication.objects.count() == 0


def test_nobody_voids_or_revives_the_publication_of_an_own_work(client, clerk, county):
    row = record(work_of(county.colleague, clerk))
    for void in ({"is_void": "on"}, {}):
        assert "不能登记自己的作品的刊发" in change(client, row, **void).content.decode()
    client.force_login(county.head)
    assert change(client, row, is_void="on").status_code == 302
    assert Publication.objects.get().is_void is True


def test_a_posted_id_of_another_agency_is_no_choice(client, clerk, county):
    response = client.post(reverse(ADD), TYPED | {"submission": work_of(county.stranger).pk})
    assert list(response.context["adminform"].form.errors) == ["submission"]
    assert Publication.objects.count() == 0


def test_the_work_and_the_recorder_of_a_row_stay(client, clerk, county):
    work, other = work_of(county.colleague), work_of(county.colleague)
    row = record(work, by=county.head)
    assert change(client, row, outlet="某刊", submission=other.pk).status_code == 302
    row.refresh_from_db()
    assert (row.submission, row.outlet, row.recorded_by) == (work, "某刊", county.head)
    event = AccessEvent.objects.get()
    assert (event.action, event.actor, event.about) == ("decision", clerk, str(work))
    assert event.detail == f"外部刊发：{row.get_level_display()} 某刊"


def test_the_publication_of_a_reopened_work_can_be_voided(client, clerk, county):
    work = work_of(county.colleague)
    row = record(work)
    Submission.objects.filter(pk=work.pk).update(state=State.PENDING)
    assert change(client, row, is_void="on").status_code == 302
    assert Publication.objects.get().is_void is True


def test_the_second_of_two_tabs_is_told(client, clerk, county):
    row = record(work_of(county.colleague))
    assert change(client, row, outlet="先存的").status_code == 302
    late = change(client, row, outlet="后存的").content.decode()
    assert ("这条记录刚被别人修改过" in late, 'value="后存的"' in late) == (True, True)
    assert Publication.objects.get().outlet == "先存的"


def test_the_service_asks_for_office_and_scope(county):
    work = work_of(county.colleague)
    row = Publication(submission=work, **TYPED)
    outsider = CadreFactory(roles=[Role.OFFICE], department=county.theirs)
    for recorder in (outsider, CadreFactory(roles=[Role.LEADER], department=county.ours), county.colleague):
        with pytest.raises(NotAllowed):
            record_publication(publication=row, recorder=recorder)
    assert record_publication(publication=row, recorder=county.clerk).recorded_by == county.clerk
