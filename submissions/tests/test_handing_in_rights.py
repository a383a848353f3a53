"""Every role x own, same, other and foreign x every form that is sent: nobody changes what is not his."""

import pytest
from django.urls import reverse

from organization.models import Cadre
from organization.roles import Role
from shuxiang.tests.neighbours import own_same_other_foreign
from submissions.models import Submission
from submissions.states import State

pytestmark = pytest.mark.django_db

FORMS = {
    "work_edit": {"title": "改", "body": "改", "revision": "1", "action": "submit"},
    "work_withdraw": {"reason": "改"},
    "work_discard": {},
    "work_confirm": {"answer": "decline"},
    "work_consent": {"show_in_showcase": "on"},
    "work_step": {"action": "accept", "revision": "0"},
}
# The liaison may exchange the members of the department's works: own and same.
MEMBERS = {"members": "", "revision": "1"}


def picture(work: Submission) -> tuple:
    stored = Submission.objects.get(pk=work.pk)
    return (
        stored.state, stored.title, stored.revision, stored.show_in_showcase,
        list(stored.contributors.values_list("cadre", "state")), list(stored.versions.values_list("title", "body")),
        stored.decisions.count(),
    )  # fmt: skip


@pytest.mark.parametrize("state", [State.DRAFT, State.PENDING, State.RETURNED, State.APPROVED])
@pytest.mark.parametrize("role", list(Role))
def test_nobody_changes_what_is_not_his(role, state, client):
    viewer, rows = own_same_other_foreign(role)
    works = [each["submissions.submission"] for each in rows]
    Submission.objects.filter(pk__in=[work.pk for work in works]).update(state=state)
    before = [picture(work) for work in works]
    for name, form in {**FORMS, "work_members": MEMBERS}.items():
        urls = [reverse(name, args=[work.pk]) for work in works]
        client.logout()
        assert {client.post(url, form).url.split("?")[0] for url in urls} == {"/login/"}, name
        client.force_login(viewer)
        for url, work in list(zip(urls, works, strict=True))[1:]:
            response = client.post(url, form)
            in_sight = Submission.objects.visible_to(Cadre.objects.get(pk=viewer.pk)).filter(pk=work.pk).exists()
            may_try = in_sight and (name == "work_step" or (name == "work_members" and role == Role.LIAISON))
            assert response.status_code in ((302, 404) if may_try else (404,)), url
    assert [picture(work) for work in works][1:] == before[1:]
