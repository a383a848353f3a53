"""Drafts and handing in, as services: once per form, on the revision that was seen, complete, in its quarter."""

from datetime import date, datetime
from uuid import uuid4

import pytest

from notices.models import Notice
from organization.models import Posting
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import SHANGHAI
from submissions.kinds import Kind
from submissions.models import Attachment, Contributor, Decision, Submission, Version
from submissions.services.contents import Content, Incomplete
from submissions.services.drafting import begin, discard, save
from submissions.services.handing_in import hand_in
from submissions.services.review import StaleSubmission
from submissions.states import IllegalTransition, State
from submissions.tests.decisions import approve, return_submission
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 8, 5, 9, 30, tzinfo=SHANGHAI)
ESSAY = {"title": "读《论语》", "body": "学而时习之。", "book_title": "论语"}


@pytest.fixture
def office():
    return DepartmentFactory(parent=bureau(), name="法规审理科")


@pytest.fixture
def author(office):
    return CadreFactory(name="秦越", department=office)


def draft(author, kind=Kind.ESSAY, members=None, main=None, work=None, token=None, **texts) -> Submission:
    content = Content(texts or ESSAY, work or {}, members, main)
    return begin(kind=kind, content=content, by=author, token=token or uuid4(), now=NOW)[0]


def handed_in(author, now=NOW, **more) -> Submission:
    work = draft(author, **more)
    hand_in(submission=work, seen=work.revision, by=author, now=now)
    return Submission.objects.get(pk=work.pk)


def test_a_draft_is_a_work_with_one_version_that_is_being_written(author):
    work = draft(author)
    version = work.versions.get()
    assert (work.state, work.title, work.entered_by, work.credit_date) == (State.DRAFT, "读《论语》", author, None)
    assert (version.is_draft, version.body, version.submitted_at) == (True, "学而时习之。", None)
    assert [(each.cadre, each.position) for each in work.contributors.all()] == [(author, 0)]


def test_the_same_form_twice_makes_one_draft(author):
    token = uuid4()
    first, second = (begin(kind=Kind.ESSAY, content=Content(ESSAY), by=author, token=token, now=NOW) for _ in range(2))
    assert (first[0].pk, first[1], second[1]) == (second[0].pk, True, False)
    other, is_new = begin(kind=Kind.ESSAY, content=Content(ESSAY), by=CadreFactory(), token=token, now=NOW)
    assert is_new
    assert other.pk != first[0].pk


@pytest.mark.parametrize(
    ("kind", "texts", "title"),
    [
        (Kind.ESSAY, {"title": ""}, "未命名草稿"),
        (Kind.RECOMMENDATION, {"book_title": "梦溪笔谈"}, "《梦溪笔谈》"),
        (Kind.RECOMMENDATION, {"book_title": "《梦溪笔谈》"}, "《梦溪笔谈》"),
    ],
)
def test_what_a_work_is_called(author, kind, texts, title):
    assert draft(author, kind, **texts).title == title


def test_handing_in_dates_numbers_and_confirms(author):
    work = handed_in(author)
    version, main = work.versions.get(), work.contributors.get()
    assert (work.state, work.credit_date, work.quarter) == (State.PENDING, date(2024, 8, 5), "2024Q3")
    assert work.reference == f"WB2024-{work.pk:05}"
    assert (version.is_draft, version.submitted_at) == (False, NOW)
    assert (main.state, main.confirmed_by, main.reason) == (Contributor.State.CONFIRMED, author, "")
    decision = work.decisions.get()
    assert (decision.action, decision.actor, decision.from_state, decision.version) == (
        "submit", author, "draft", version,
    )  # fmt: skip


def test_a_number_that_a_register_has_taken_gets_another(author):
    work = draft(author)
    SubmissionFactory(reference=f"WB2024-{work.pk:05}")
    hand_in(submission=work, seen=work.revision, by=author, now=NOW)
    assert Submission.objects.get(pk=work.pk).reference == f"WB2024-{work.pk:05}-2"


def test_the_days_of_shanghai_decide_the_quarter(author):
    for hour, quarter in ((15, "2024Q2"), (16, "2024Q3")):
        work = draft(author)
        utc = datetime(2024, 6, 30, hour, 59, tzinfo=NOW.tzinfo).astimezone(SHANGHAI)
        hand_in(
            submission=work,
            seen=1,
            by=author,
            now=utc.replace(hour=23) if hour == 15 else datetime(2024, 7, 1, tzinfo=SHANGHAI),
        )
        assert Submission.objects.get(pk=work.pk).quarter == quarter


@pytest.mark.parametrize(
    ("day", "named", "outcome"),
    [
        (date(2024, 7, 10), "2024Q2", "2024Q2"),
        (date(2024, 7, 10), "", "2024Q3"),
        (date(2024, 7, 11), "2024Q2", "已过宽限期"),
        (date(2024, 7, 10), "2024Q1", "考核期只能是"),
    ],
)
def test_the_quarter_before_only_in_its_grace_days(author, day, named, outcome):
    work = draft(author, work={"quarter": named})
    now = datetime(day.year, day.month, day.day, 23, 59, tzinfo=SHANGHAI)
    if outcome.startswith("2024"):
        hand_in(submission=work, seen=1, by=author, now=now)
        assert Submission.objects.get(pk=work.pk).quarter == outcome
    else:
        with pytest.raises(Incomplete, match=outcome) as told:
            hand_in(submission=work, seen=1, by=author, now=now)
        assert list(told.value.errors) == ["for_quarter"]
        assert Submission.objects.get(pk=work.pk).state == State.DRAFT


@pytest.mark.parametrize(
    ("kind", "texts", "files", "lacking"),
    [
        (Kind.ESSAY, {"title": "题"}, [], ["body"]),
        (Kind.ESSAY, {"title": "题"}, ["document"], []),
        (Kind.ESSAY, {"title": "题", "body": " \n"}, [], ["body"]),
        (Kind.RECITATION, {"title": ""}, [], ["title", "script", "audio"]),
        (Kind.RECITATION, {"title": "赤壁赋", "body": "壬戌之秋"}, ["audio"], []),
        (Kind.RECITATION, {"title": "赤壁赋"}, ["audio", "document"], []),
        (Kind.RECOMMENDATION, {"book_title": "论语"}, [], ["reason"]),
        (Kind.CREATION, {"title": "春"}, ["picture"], []),
        (Kind.CREATION, {"title": "春"}, [], ["body"]),
        (Kind.IDEA, {"title": "改表"}, [], ["body"]),
    ],
)
def test_what_must_be_there(author, kind, texts, files, lacking):
    work = draft(author, kind, **texts)
    for role in files:
        Attachment.objects.create(version=work.versions.get(), role=role, file="x", original_name="x", size=1)
    if not lacking:
        assert hand_in(submission=work, seen=1, by=author, now=NOW).to_state == State.PENDING
        return
    with pytest.raises(Incomplete) as told:
        hand_in(submission=work, seen=1, by=author, now=NOW)
    assert list(told.value.errors) == lacking


def test_everybody_named_must_be_in_service(author, office):
    gone = CadreFactory(name="陆景行")
    Posting.objects.create(cadre=gone, department=office, since=date(2020, 1, 1), until=date(2024, 8, 4))
    work = draft(author, Kind.IDEA, members=(gone,), title="题", body="文")
    with pytest.raises(Incomplete, match="不在职，不能署名"):
        hand_in(submission=work, seen=1, by=author, now=NOW)
    newcomer = CadreFactory(name="丁叔砚")
    Posting.objects.create(cadre=newcomer, department=office, since=date(2024, 7, 1))
    late = draft(newcomer, Kind.IDEA, work={"quarter": "2024Q2"}, title="题", body="文")
    with pytest.raises(Incomplete, match="没有在职，不能补报"):
        hand_in(submission=late, seen=1, by=newcomer, now=datetime(2024, 7, 3, 8, tzinfo=SHANGHAI))


def test_a_returned_work_gets_a_new_version_beside_the_old(author, office):
    clerk = CadreFactory(roles=[Role.OFFICE], department=office)
    work = handed_in(author)
    Attachment.objects.create(version=work.versions.get(), role="document", file="a", original_name="a.docx", size=1)
    return_submission(submission=work, reviewer=clerk, reason="请补末段。", now=NOW)
    kept = work.credit_date, work.quarter, work.reference
    content = Content({**ESSAY, "body": "学而时习之，不亦说乎。"})
    work = save(submission=work, seen=work.revision, content=content, by=author, now=NOW)
    old, new = work.versions.order_by("number")
    assert (old.body, new.body, new.is_draft, new.number) == ("学而时习之。", "学而时习之，不亦说乎。", True, 2)
    assert [each.original_name for each in new.attachments.all()] == ["a.docx"]
    assert Version.objects.newest().get(submission=work) == old
    hand_in(submission=work, seen=work.revision, by=author, now=datetime(2024, 11, 1, tzinfo=SHANGHAI))
    work = Submission.objects.get(pk=work.pk)
    assert (work.credit_date, work.quarter, work.reference) == kept
    assert Version.objects.newest().get(submission=work) == new
    assert work.decisions.last().version == new


def test_what_is_the_same_moves_nothing_and_what_is_not_needs_the_last_revision(author):
    work = draft(author)
    same = save(submission=work, seen=0, content=Content(ESSAY), by=author, now=NOW)
    assert same.revision == 1
    changed = Content({**ESSAY, "body": "不亦说乎。"})
    assert save(submission=work, seen=1, content=changed, by=author, now=NOW).revision == 2
    with pytest.raises(StaleSubmission):
        save(submission=work, seen=1, content=Content({**ESSAY, "body": "别的。"}), by=author, now=NOW)
    assert work.versions.get().body == "不亦说乎。"


def test_who_may_not_and_when_not(author, office):
    work = draft(author)
    other = CadreFactory(roles=[Role.LIAISON], department=office)
    for refused in (
        lambda: save(submission=work, seen=1, content=Content(ESSAY), by=other, now=NOW),
        lambda: hand_in(submission=work, seen=1, by=other, now=NOW),
        lambda: discard(submission=work, by=other, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            refused()
    hand_in(submission=work, seen=1, by=author, now=NOW)
    work = Submission.objects.get(pk=work.pk)
    for refused in (
        lambda: save(submission=work, seen=work.revision, content=Content({"body": "改"}), by=author, now=NOW),
        lambda: hand_in(submission=work, seen=work.revision, by=author, now=NOW),
        lambda: discard(submission=work, by=author, now=NOW),
    ):
        with pytest.raises(IllegalTransition):
            refused()


def test_stale_copies_neither_hand_in_twice_nor_change_what_was_handed_in(author):
    work = draft(author)
    stale, again = Submission.objects.get(pk=work.pk), Submission.objects.get(pk=work.pk)
    hand_in(submission=work, seen=1, by=author, now=NOW)
    with pytest.raises(StaleSubmission):
        hand_in(submission=stale, seen=1, by=author, now=NOW)
    with pytest.raises(StaleSubmission):
        save(submission=again, seen=1, content=Content({"body": "偷改"}), by=author, now=NOW)
    with pytest.raises(StaleSubmission):
        discard(submission=Submission(pk=work.pk, state=State.DRAFT, revision=1, kind=Kind.ESSAY), by=author, now=NOW)
    assert Decision.objects.filter(submission=work).count() == 1
    assert work.versions.get().body == "学而时习之。"


def test_a_draft_thrown_away_leaves_nothing(author):
    work = draft(author, members=(CadreFactory(),))
    Attachment.objects.create(version=work.versions.get(), role="document", file="a", original_name="a", size=1)
    discard(submission=work, by=author, now=NOW)
    assert [each.objects.count() for each in (Submission, Version, Contributor, Attachment)] == [0] * 4


def test_a_liaison_hands_in_for_a_colleague_who_is_told(author, office):
    liaison = CadreFactory(name="许望舒", roles=[Role.LIAISON], department=office)
    work = handed_in(liaison, main=author)
    main = work.contributors.get()
    assert (main.cadre, main.state, main.confirmed_by, main.reason) == (author, "confirmed", liaison, "代为上报")
    notice = Notice.objects.get(recipient=author)
    assert (notice.subject, notice.address) == ("许望舒代您上报了《读《论语》》", f"/works/{work.pk}/")


def test_nobody_decides_on_what_he_handed_in_for_another(author, office):
    clerk = CadreFactory(roles=[Role.OFFICE, Role.LIAISON], department=office)
    work = handed_in(clerk, main=author)
    with pytest.raises(NotAllowed):
        approve(submission=work, reviewer=clerk, now=NOW)


def test_only_the_liaison_writes_for_a_colleague(author, office):
    liaison = CadreFactory(roles=[Role.LIAISON], department=office)
    stranger = CadreFactory(roles=[Role.LIAISON], department=DepartmentFactory(parent=bureau()))
    for other in (stranger, CadreFactory(department=office), CadreFactory(roles=[Role.LIAISON])):
        with pytest.raises(NotAllowed, match="联络员"):
            draft(other, main=author)
        own = draft(other)
        with pytest.raises(NotAllowed, match="联络员"):
            save(submission=own, seen=1, content=Content(ESSAY, main_author=author), by=other, now=NOW)
    work = draft(liaison, main=author)
    liaison.groups.clear()
    former = type(liaison).objects.get(pk=liaison.pk)
    with pytest.raises(NotAllowed, match="联络员"):
        hand_in(submission=work, seen=work.revision, by=former, now=NOW)
    hand_in(submission=work, seen=work.revision, by=author, now=NOW)


def test_a_file_taken_away_at_the_last_moment_keeps_the_work_from_being_handed_in(author):
    work = draft(author, kind=Kind.CREATION, title="春日")
    picture = Attachment(version=work.versions.get(), role="picture", original_name="a", size=1, sha256="0" * 64)
    picture.save(force_insert=True)
    Attachment.objects.all().delete()
    with pytest.raises(Incomplete, match="作品图片"):
        hand_in(submission=work, seen=work.revision, by=author, now=NOW)
    stored = Submission.objects.get(pk=work.pk)
    assert (stored.state, stored.credit_date, stored.versions.get().is_draft) == (State.DRAFT, None, True)
