"""Collectives: asked, confirming, declining, confirmed for, exchanged."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from notices.models import Notice
from organization.models import PartyGroup, Posting
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import SHANGHAI
from shuxiang.tests.pages import text_of
from submissions.kinds import Kind
from submissions.models import Attachment, Contributor, Submission
from submissions.services.contents import Content, Incomplete
from submissions.services.contributors import answer, change_members, confirm_for
from submissions.services.drafting import begin, save
from submissions.services.handing_in import hand_in
from submissions.services.review import StaleSubmission
from submissions.states import IllegalTransition
from submissions.tests.decisions import approve, return_submission

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 8, 5, 9, 30, tzinfo=SHANGHAI)
LATER = NOW + timedelta(days=8)


class Choir:
    """A collective of three that waits for the office."""

    def __init__(self):
        self.office = DepartmentFactory(parent=bureau(), name="财政审计科")
        self.author, self.one, self.two = (
            CadreFactory(name=name, department=self.office) for name in ("贺砚秋", "许望舒", "温可嘉")
        )
        self.liaison = CadreFactory(name="陆景行", roles=[Role.LIAISON], department=self.office)
        self.clerk = CadreFactory(roles=[Role.OFFICE], department=DepartmentFactory(parent=bureau()))
        content = Content({"title": "齐诵", "body": "文"}, {"owner_department": self.office}, (self.one, self.two))
        work, _ = begin(kind=Kind.RECITATION, content=content, by=self.author, token=uuid4(), now=NOW)
        sound = {"role": Attachment.Role.AUDIO, "state": Attachment.State.READY, "file": "a", "original_name": "a.mp3"}
        Attachment.objects.create(version=work.versions.get(), size=1, sha256="0" * 64, **sound)
        hand_in(submission=work, seen=1, by=self.author, now=NOW)
        self.pk = work.pk

    @property
    def work(self) -> Submission:
        return Submission.objects.get(pk=self.pk)

    @property
    def states(self) -> dict[str, str]:
        return dict(self.work.contributors.values_list("cadre__name", "state"))


@pytest.fixture
def choir():
    return Choir()


def test_each_member_is_asked_and_counts_once_he_has_confirmed(choir):
    assert choir.states == {"贺砚秋": "confirmed", "许望舒": "named", "温可嘉": "named"}
    notices = Notice.objects.filter(subject="请确认：您是《齐诵》的参与者")
    assert {each.recipient for each in notices} == {choir.one, choir.two}
    assert notices[0].address == f"/works/{choir.pk}/confirm/"
    assert "8 月 12 日前答复" in notices[0].body
    answer(submission=choir.work, by=choir.one, agrees=True, now=NOW)
    answer(submission=choir.work, by=choir.two, agrees=False, now=NOW)
    assert choir.states == {"贺砚秋": "confirmed", "许望舒": "confirmed", "温可嘉": "declined"}
    assert [each.action for each in choir.work.decisions.all()] == ["submit", "confirm", "decline"]
    told = Notice.objects.filter(recipient=choir.author).values_list("subject", flat=True)
    assert set(told) == {"《齐诵》：许望舒确认了署名", "《齐诵》：温可嘉谢绝了署名，其他人照常计分"}
    approve(submission=choir.work, reviewer=choir.clerk, now=NOW)
    assert set(Contributor.objects.counted().values_list("cadre__name", flat=True)) == {"贺砚秋", "许望舒"}


def test_an_answer_may_be_changed_until_the_office_has_decided(choir):
    for agrees, state in ((True, "confirmed"), (False, "declined"), (True, "confirmed")):
        answer(submission=choir.work, by=choir.one, agrees=agrees, now=NOW)
        assert choir.states["许望舒"] == state
    with pytest.raises(StaleSubmission):
        answer(submission=choir.work, by=choir.one, agrees=True, now=NOW)
    approve(submission=choir.work, reviewer=choir.clerk, now=NOW)
    with pytest.raises(NotAllowed):
        answer(submission=choir.work, by=choir.one, agrees=False, now=NOW)
    answer(submission=choir.work, by=choir.two, agrees=False, now=NOW)
    with pytest.raises(NotAllowed):
        answer(submission=choir.work, by=choir.two, agrees=True, now=NOW)
    assert choir.states == {"贺砚秋": "confirmed", "许望舒": "confirmed", "温可嘉": "declined"}


def test_who_was_asked_too_late_may_still_confirm_an_approved_work(choir):
    approve(submission=choir.work, reviewer=choir.clerk, now=NOW)
    answer(submission=choir.work, by=choir.two, agrees=True, now=NOW)
    assert choir.states["温可嘉"] == "confirmed"


def test_who_is_not_named_or_is_the_main_author_answers_nothing(choir):
    for person in (choir.author, choir.liaison, choir.clerk):
        with pytest.raises(NotAllowed):
            answer(submission=choir.work, by=person, agrees=False, now=NOW)


def test_the_liaison_confirms_after_the_deadline_with_a_reason(choir):
    def confirm(by=choir.liaison, member=choir.one, reason="在外驻点，电话核实", now=LATER):
        return confirm_for(submission=choir.work, member=member, by=by, reason=reason, now=now)

    with pytest.raises(NotAllowed, match="8 月 12 日前自己确认"):
        confirm(now=NOW + timedelta(days=7))
    with pytest.raises(ValueError, match="请写明"):
        confirm(reason=" ")
    stranger = CadreFactory(roles=[Role.LIAISON], department=DepartmentFactory(parent=bureau()))
    for other in (stranger, choir.clerk, choir.author, choir.two):
        with pytest.raises(NotAllowed):
            confirm(by=other)
    with pytest.raises(NotAllowed):
        confirm(member=stranger)
    confirm()
    row = choir.work.contributors.get(cadre=choir.one)
    assert (row.state, row.confirmed_by, row.reason) == ("confirmed", choir.liaison, "在外驻点，电话核实")
    assert choir.work.decisions.last().reason == "代许望舒确认：在外驻点，电话核实"
    with pytest.raises(NotAllowed):
        confirm()


def test_a_liaison_does_not_confirm_for_himself(choir):
    Contributor.objects.create(submission=choir.work, cadre=choir.liaison, position=3, asked_at=NOW)
    with pytest.raises(NotAllowed):
        confirm_for(submission=choir.work, member=choir.liaison, by=choir.liaison, reason="我在", now=LATER)


def test_members_change_and_nothing_is_lost(choir):
    answer(submission=choir.work, by=choir.one, agrees=True, now=NOW)
    third = CadreFactory(name="丁叔砚", department=choir.office)
    work = choir.work
    change_members(submission=work, seen=work.revision, members=[third, choir.one], by=choir.author, now=LATER)
    assert list(choir.work.contributors.values_list("cadre__name", "position", "state")) == [
        ("贺砚秋", 0, "confirmed"), ("丁叔砚", 1, "named"), ("许望舒", 2, "confirmed"),
    ]  # fmt: skip
    assert choir.work.decisions.last().reason == "加入丁叔砚，移出温可嘉"
    assert Notice.objects.filter(recipient=third, subject__startswith="请确认").count() == 1
    assert Notice.objects.filter(recipient=choir.two, subject__contains="不再署名").count() == 1
    with pytest.raises(StaleSubmission):
        change_members(submission=work, seen=work.revision - 1, members=[], by=choir.author, now=LATER)
    assert choir.work.state == "pending"


def test_who_may_change_members_and_until_when(choir):
    change_members(submission=choir.work, seen=choir.work.revision, members=[choir.one], by=choir.liaison, now=NOW)
    for other in (choir.one, choir.clerk):
        with pytest.raises(NotAllowed):
            change_members(submission=choir.work, seen=choir.work.revision, members=[], by=other, now=NOW)
    approve(submission=choir.work, reviewer=choir.clerk, now=NOW)
    with pytest.raises(IllegalTransition):
        change_members(submission=choir.work, seen=choir.work.revision, members=[], by=choir.author, now=NOW)


def test_who_stays_after_a_return_is_not_asked_again(choir):
    answer(submission=choir.work, by=choir.one, agrees=True, now=NOW)
    return_submission(submission=choir.work, reviewer=choir.clerk, reason="请补齐。", now=NOW)
    hand_in(submission=choir.work, seen=choir.work.revision, by=choir.author, now=LATER)
    assert choir.states["许望舒"] == "confirmed"
    assert Notice.objects.filter(recipient=choir.one, subject__startswith="请确认").count() == 1
    assert choir.work.versions.count() == 2


def test_a_collective_needs_members(choir):
    group = PartyGroup.objects.create(name="第一党小组")
    content = Content({"title": "独诵", "body": "文"}, {"owner_party_group": group})
    work, _ = begin(kind=Kind.IDEA, content=content, by=choir.author, token=uuid4(), now=NOW)
    with pytest.raises(Incomplete, match="至少填写一名成员"):
        hand_in(submission=work, seen=1, by=choir.author, now=NOW)


def test_who_was_not_in_service_on_the_day_is_not_named_later(choir):
    newcomer = CadreFactory(name="丁叔砚", department=choir.office)
    Posting.objects.filter(cadre=newcomer).update(since=LATER.date())
    work = choir.work
    with pytest.raises(Incomplete, match=r"丁叔砚.*不在职"):
        change_members(submission=work, seen=work.revision, members=[choir.one, newcomer], by=choir.author, now=LATER)
    assert set(choir.states) == {"贺砚秋", "许望舒", "温可嘉"}
    assert choir.work.revision == work.revision


def test_a_collective_keeps_a_member(choir):
    with pytest.raises(ValueError, match="至少要有一名成员"):
        change_members(submission=choir.work, seen=choir.work.revision, members=[], by=choir.author, now=LATER)
    assert len(choir.states) == 3


def test_people_exchanged_in_the_form_of_a_returned_work_are_on_record_and_told(choir):
    return_submission(submission=choir.work, reviewer=choir.clerk, reason="请补齐。", now=NOW)
    work = choir.work
    save(submission=work, seen=work.revision, content=Content({"body": "改"}), by=choir.author, now=LATER)
    assert choir.work.decisions.last().action == "return"
    content = Content({"body": "再改"}, members=(choir.one,))
    save(submission=choir.work, seen=choir.work.revision, content=content, by=choir.author, now=LATER)
    assert choir.work.decisions.last().reason == "移出温可嘉"
    assert Notice.objects.filter(recipient=choir.two, subject__contains="不再署名").count() == 1


def test_members_that_a_register_confirmed_are_not_asked(choir):
    Contributor.objects.filter(cadre=choir.one).update(state=Contributor.State.CONFIRMED, asked_at=None)
    Notice.objects.all().delete()
    return_submission(submission=choir.work, reviewer=choir.clerk, reason="请补齐。", now=NOW)
    hand_in(submission=choir.work, seen=choir.work.revision, by=choir.author, now=LATER)
    assert not Notice.objects.filter(recipient=choir.one, subject__startswith="请确认").exists()


def test_a_corrected_posting_does_not_keep_a_returned_work_from_coming_back(choir):
    return_submission(submission=choir.work, reviewer=choir.clerk, reason="请补齐。", now=NOW)
    Posting.objects.filter(cadre=choir.author).update(since=LATER.date())
    hand_in(submission=choir.work, seen=choir.work.revision, by=choir.author, now=LATER)
    assert choir.work.state == "pending"


def test_the_showcase_names_and_finds_only_who_has_confirmed(choir, client):
    Submission.objects.filter(pk=choir.pk).update(show_in_showcase=True)
    approve(submission=choir.work, reviewer=choir.clerk, now=NOW)
    answer(submission=choir.work, by=choir.one, agrees=False, now=NOW)
    client.force_login(CadreFactory(department=DepartmentFactory(parent=bureau())))

    def shown() -> list[bool]:
        page, found = client.get(f"/works/{choir.pk}/"), client.get("/works/?q=wenkejia")
        return ["温可嘉" in page.content.decode(), "齐诵" in found.content.decode()]

    assert shown() == [False, False]
    answer(submission=choir.work, by=choir.two, agrees=True, now=NOW)
    assert shown() == [True, True]


def test_who_declined_shows_the_work_to_nobody_else(choir, client):
    elsewhere = DepartmentFactory(parent=bureau(), name="教科文卫审计科")
    member = CadreFactory(name="任思远", department=elsewhere)
    liaison = CadreFactory(roles=[Role.LIAISON], department=elsewhere)
    people = [choir.one, member]
    change_members(submission=choir.work, seen=choir.work.revision, members=people, by=choir.author, now=NOW)
    sees = Submission.objects.filter(pk=choir.pk).visible_to
    assert sees(liaison).exists()
    answer(submission=choir.work, by=member, agrees=True, now=NOW)
    assert sees(liaison).exists()
    answer(submission=choir.work, by=member, agrees=False, now=NOW)
    assert not sees(liaison).exists()
    assert sees(choir.liaison).exists()
    assert sees(choir.clerk).exists()
    client.force_login(liaison)
    assert client.get(f"/works/{choir.pk}/").status_code == 404
    client.force_login(member)
    assert "谢绝署名" in text_of(client.get(f"/works/{choir.pk}/").content.decode())
    assert "我参与了，确认署名" in client.get(f"/works/{choir.pk}/confirm/").content.decode()
    assert Notice.objects.of(member).filter(subject="请确认：您是《齐诵》的参与者").exists()
