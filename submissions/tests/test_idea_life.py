"""The later life of an idea, and where it came from."""

import pytest
from django.utils import timezone

from organization.roles import Role
from organization.tests.factories import CadreFactory
from submissions.kinds import Kind
from submissions.models import Decision, Submission
from submissions.states import State
from submissions.tests.decisions import approve, reopen
from submissions.tests.factories import SubmissionFactory
from submissions.tests.life import author, clerk, office, sound

__all__ = ["author", "clerk", "office"]
pytestmark = pytest.mark.django_db


def idea(author) -> Submission:
    work = SubmissionFactory(kind=Kind.IDEA, title="底稿加一栏", people=[author])
    Decision.objects.create(submission=work, actor=author, action="submit", from_state="draft", to_state="pending")
    return work


def steps(client, work, *actions, words="已在两个项目试行。"):
    for action in actions:
        revision = Submission.objects.get(pk=work.pk).revision
        client.post(f"/works/{work.pk}/step/", {"action": action, "words": words, "revision": revision})
    return list(work.decisions.values_list("action", flat=True))


def test_an_idea_goes_from_proposed_to_its_effect(client, author, clerk):
    work = idea(author)
    assert "提出 受理 采纳 实施 成效" in sound(client, f"/works/{work.pk}/")
    client.force_login(clerk)
    assert "记为受理" in sound(client, f"/works/{work.pk}/")
    assert steps(client, work, "implement", "effect", "accept", "accept") == ["submit", "accept"]
    approve(submission=Submission.objects.get(pk=work.pk), reviewer=clerk, now=timezone.now())
    assert "记为实施" in sound(client, f"/works/{work.pk}/")
    assert steps(client, work, "implement", words=" ") == ["submit", "accept", "approve"]
    assert steps(client, work, "effect", "implement", "effect")[2:] == ["approve", "implement", "effect"]
    client.force_login(author)
    page = client.get(f"/works/{work.pk}/").content.decode()
    assert '<li class="is-reached" aria-current="step">成效</li>' in page
    assert "已在两个项目试行。" in page
    reopen(submission=Submission.objects.get(pk=work.pk), reviewer=clerk, reason="重新研究", now=timezone.now())
    assert 'aria-current="step">提出</li>' in client.get(f"/works/{work.pk}/").content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_only_the_office_carries_on_and_never_an_own_idea(client, author, office, role):
    work, viewer = idea(author), CadreFactory(roles=[role], department=office)
    own = idea(viewer)
    client.force_login(viewer)
    assert steps(client, own, "accept") == ["submit"]
    assert steps(client, work, "accept") == (["submit", "accept"] if role == Role.OFFICE else ["submit"])
    client.logout()
    assert client.post(f"/works/{work.pk}/step/").url.startswith("/login/")
    assert client.get(f"/works/{work.pk}/step/").status_code == 405


def test_a_stale_page_carries_nothing_on(client, author, clerk):
    work = idea(author)
    client.force_login(clerk)
    for revision in ("0", "9", "", "x"):
        client.post(f"/works/{work.pk}/step/", {"action": "accept", "words": "", "revision": revision})
    assert work.decisions.count() == 1


def test_an_idea_leads_to_the_work_it_came_from_for_who_may_see_that(client, author, office, clerk):
    essay = SubmissionFactory(people=[author], title="读《梦溪笔谈》")
    idea = SubmissionFactory(people=[author], kind=Kind.IDEA, state=State.APPROVED, show_in_showcase=True)
    idea.versions.update(source_work=essay)
    address = f"/works/{idea.pk}/"
    assert "由来 读《梦溪笔谈》" in sound(client, address)
    client.force_login(clerk)
    assert "由来 读《梦溪笔谈》" in sound(client, address)
    client.force_login(CadreFactory(department=office))
    assert "由来" not in sound(client, address)
    Submission.objects.filter(pk=essay.pk).update(state=State.APPROVED, show_in_showcase=True)
    assert "由来 读《梦溪笔谈》" in sound(client, address)
