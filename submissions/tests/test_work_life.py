"""The author's side of a work's page: withdrawing, versions, what is not handed in yet."""

from uuid import uuid4

import pytest
from django.utils import timezone

from organization.roles import Role
from organization.tests.factories import CadreFactory
from shuxiang.tests.pages import text_of
from shuxiang.tests.test_pages_markup import Page
from submissions.kinds import Grade, Kind
from submissions.models import Submission, Version
from submissions.services.contents import Content
from submissions.services.drafting import begin, save
from submissions.states import State
from submissions.tests.decisions import approve
from submissions.tests.factories import SubmissionFactory
from submissions.tests.handing_in import hidden
from submissions.tests.life import author, clerk, office, sound

__all__ = ["author", "clerk", "office"]
pytestmark = pytest.mark.django_db


def test_withdrawing_asks_and_keeps_everything(client, author):
    work = SubmissionFactory(people=[author])
    assert "撤回" in sound(client, f"/works/{work.pk}/")
    assert "不能再次上报" in sound(client, f"/works/{work.pk}/withdraw/")
    assert client.post(f"/works/{work.pk}/withdraw/", {"reason": "另写一篇"}).url == f"/works/{work.pk}/"
    text = sound(client, f"/works/{work.pk}/")
    assert "已撤回" in text
    assert "另写一篇" in text
    assert client.get(f"/works/{work.pk}/withdraw/").status_code == 404
    assert client.post(f"/works/{work.pk}/withdraw/").url == f"/works/{work.pk}/"
    assert "作品现在是“已撤回”，不能撤回" in sound(client, f"/works/{work.pk}/")
    assert [each.action for each in work.decisions.all()] == ["withdraw"]


def test_withdrawing_asks_again_where_the_office_has_decided_meanwhile(client, author, clerk):
    work = SubmissionFactory(people=[author])
    form = {"revision": str(work.revision), "reason": "另写一篇"}
    approve(submission=work, reviewer=clerk, grade=Grade.EXCELLENT, now=timezone.now())
    page = client.post(f"/works/{work.pk}/withdraw/", form).content.decode()
    assert "这件作品刚被处理过，现在是“通过”" in text_of(page)
    assert "另写一篇" in page
    assert Submission.objects.get(pk=work.pk).state == State.APPROVED
    client.post(f"/works/{work.pk}/withdraw/", form | {"revision": hidden(page, "revision")})
    assert Submission.objects.get(pk=work.pk).state == State.WITHDRAWN


@pytest.mark.parametrize("state", [State.DRAFT, State.REJECTED, State.WITHDRAWN])
def test_what_cannot_be_withdrawn_has_no_such_page(client, author, state):
    work = SubmissionFactory(people=[author], state=state)
    assert client.get(f"/works/{work.pk}/withdraw/").status_code == 404


def test_who_withdraws_a_work_that_was_rated_reads_what_is_lost(client, author):
    work = SubmissionFactory(people=[author], state=State.APPROVED)
    assert "作品已经通过：撤回以后，已得的积分都会取消" in sound(client, f"/works/{work.pk}/withdraw/")
    Submission.objects.update(grade="excellent", graded_version=work.versions.get())
    assert "已经通过，评为优秀：撤回以后，已得的积分和评级都会取消" in sound(client, f"/works/{work.pk}/withdraw/")
    Submission.objects.update(state=State.PENDING, grade="", graded_version=None)
    assert "都会取消" not in sound(client, f"/works/{work.pk}/withdraw/")


def test_two_versions_are_compared(client, author, office):
    work = SubmissionFactory(people=[author], state=State.RETURNED)
    assert client.get(f"/works/{work.pk}/compare/").status_code == 404
    Version.objects.filter(submission=work).update(body="第一句。第二句。第三句。")
    work = save(
        submission=work,
        seen=1,
        content=Content({"body": "第一句。第二句改了。第三句。"}),
        by=author,
        now=timezone.now(),
    )
    page = client.get(f"/works/{work.pk}/compare/").content.decode()
    assert Page(page).faults() == []
    assert "第一句。第二句<ins>改了</ins>。第三句。" in page
    assert client.get(f"/works/{work.pk}/compare/?old=1&new=2").status_code == 200
    for query in ("?old=9", "?new=x", "?old=%00"):
        assert client.get(f"/works/{work.pk}/compare/{query}").status_code == 404
    liaison = CadreFactory(roles=[Role.LIAISON], department=office)
    client.force_login(liaison)
    assert client.get(f"/works/{work.pk}/compare/").status_code == 404
    assert "改了" not in client.get(f"/works/{work.pk}/").content.decode()
    assert client.get(f"/works/{work.pk}/?version=2").status_code == 404


def test_a_liaison_finds_what_was_handed_in_for_others_marked(client, author, office):
    liaison = CadreFactory(name="许望舒", roles=[Role.LIAISON], department=office)
    content = Content({"title": "题", "body": "文"}, main_author=author)
    begin(kind=Kind.ESSAY, content=content, by=liaison, token=uuid4(), now=timezone.now())
    work = Submission.objects.get()
    assert "许望舒代贺砚秋上报" in sound(client, f"/works/{work.pk}/")
    assert "继续填写" in sound(client, f"/works/{work.pk}/")


def test_the_desk_does_not_see_what_is_still_being_written(client, author, clerk):
    work = SubmissionFactory(people=[author], state=State.RETURNED)
    save(submission=work, seen=1, content=Content({"body": "还没有想好"}), by=author, now=timezone.now())
    client.force_login(clerk)
    for address in (
        f"/admin/submissions/submission/review/{work.pk}/",
        f"/admin/submissions/submission/{work.pk}/change/",
    ):
        page = client.get(address)
        assert (page.status_code, "还没有想好" in page.content.decode(), "第 2 版" in page.content.decode()) == (
            200,
            False,
            False,
        )
