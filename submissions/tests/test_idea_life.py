"""The later life of an idea, and where it came from."""

import re
from html import unescape

import pytest
from django.utils import timezone

from organization.roles import Role
from organization.tests.factories import CadreFactory
from shuxiang.tests.pages import text_of
from shuxiang.tests.test_pages_markup import Page
from submissions.kinds import Grade, Kind
from submissions.models import Decision, Submission
from submissions.services.review import withdraw
from submissions.states import State
from submissions.tests.decisions import approve, rate, reopen
from submissions.tests.factories import SubmissionFactory
from submissions.tests.handing_in import hidden
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


def test_the_desk_leads_who_may_take_it_to_the_next_step(client, author, clerk):
    work = idea(author)
    client.force_login(clerk)
    link = f'<a href="/works/{work.pk}/#life">到作品页记'
    pages = [f"/admin/submissions/submission/{each}" for each in (f"review/{work.pk}/", f"{work.pk}/change/")]
    assert [f"{link}受理" in client.get(each).content.decode() for each in pages] == [True, True]
    approve(submission=work, reviewer=clerk, now=timezone.now())
    assert [f"{link}实施" in client.get(each).content.decode() for each in pages] == [True, True]
    Submission.objects.update(entered_by=clerk)
    assert [link in client.get(each).content.decode() for each in pages] == [False, False]


def test_a_returned_idea_offers_no_step_that_would_be_refused(client, author, clerk):
    work = idea(author)
    Submission.objects.update(state=State.RETURNED)
    client.force_login(clerk)
    assert "记为受理" not in sound(client, f"/works/{work.pk}/")


@pytest.mark.parametrize("role", list(Role))
def test_only_the_office_carries_on_and_never_an_own_idea(client, author, office, role):
    work, viewer = idea(author), CadreFactory(roles=[role], department=office)
    own = idea(viewer)
    client.force_login(viewer)
    assert steps(client, own, "accept") == ["submit"]
    assert steps(client, work, "accept") == (["submit", "accept"] if role == Role.OFFICE else ["submit"])
    client.logout()
    assert client.post(f"/works/{work.pk}/step/").url.startswith("/login/")
    assert client.get(f"/works/{work.pk}/step/").url == f"/works/{work.pk}/"


@pytest.mark.parametrize("form", [{}, {"action": "x"}, {"action": "accept", "words": "长" * 501}])
def test_who_may_not_carry_on_is_told_so_whatever_was_sent(client, author, form):
    work = idea(author)
    assert client.post(f"/works/{work.pk}/step/", form).url == f"/works/{work.pk}/"
    assert "不能办理自己参与的作品，请由另一位同事办理。" in sound(client, f"/works/{work.pk}/")


def test_a_stale_page_carries_nothing_on(client, author, clerk):
    work = idea(author)
    client.force_login(clerk)
    for revision in ("0", "9", "", "x"):
        client.post(f"/works/{work.pk}/step/", {"action": "accept", "words": "", "revision": revision})
    assert work.decisions.count() == 1


WORDS = "先在两个项目试行。<b>"


def carried_on(client, work, **form) -> tuple[int, str, str]:
    """Status, text, and what stands in the field of words."""
    response = client.post(f"/works/{work.pk}/step/", {"action": "implement", "words": WORDS} | form)
    page = response.content.decode()
    assert Page(page).faults() == []
    field = re.search(r'<textarea[^>]*name="words"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return response.status_code, text_of(page), unescape(field[1]) if field else ""


def test_words_for_a_step_are_kept_where_somebody_was_at_the_idea_meanwhile(client, author, clerk):
    work = idea(author)
    approve(submission=work, reviewer=clerk, now=timezone.now())
    rate(submission=work, reviewer=clerk, grade=Grade.GOOD, now=timezone.now())
    client.force_login(clerk)
    status, text, kept = carried_on(client, work, revision="2")
    assert (status, kept) == (409, WORDS)
    assert "没有记下 这件作品刚被别人处理过，请刷新后核对再办。下面是现在的情况，您填写的内容还在。" in text
    assert "您刚才写的" not in text
    page = client.post(f"/works/{work.pk}/step/", {"action": "implement", "words": kept, "revision": "2"})
    form = {"action": "implement", "words": kept, "revision": hidden(page.content.decode(), "revision")}
    assert client.post(f"/works/{work.pk}/step/", form).url == f"/works/{work.pk}/"
    assert work.decisions.last().reason == WORDS


def test_words_for_a_step_that_another_has_taken_can_be_read_and_copied(client, author, clerk):
    work = idea(author)
    client.force_login(clerk)
    assert steps(client, work, "accept") == ["submit", "accept"]
    status, text, kept = carried_on(client, work, action="accept", revision="1")
    assert (status, kept) == (409, "")
    assert f"您刚才写的： {WORDS}" in text
    withdraw(submission=Submission.objects.get(pk=work.pk), author=author, now=timezone.now())
    status, text, _ = carried_on(client, work, action="accept", revision="2")
    assert (status, f"您刚才写的： {WORDS}" in text) == (409, True)


@pytest.mark.parametrize(("words", "told"), [("长" * 501, "最多 500 字，现在有 501 字"), (" ", "请写明实施的情况。")])
def test_words_that_cannot_be_taken_are_told_and_kept(client, author, clerk, words, told):
    work = idea(author)
    approve(submission=work, reviewer=clerk, now=timezone.now())
    client.force_login(clerk)
    status, text, kept = carried_on(client, work, words=words, revision=str(work.revision))
    assert (status, kept.strip()) == (200, words.strip())
    assert told in text


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
