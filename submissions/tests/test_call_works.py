"""Works that answer calls: the form, the service, the page of the call, the office's list."""

from datetime import date, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.models import Call
from activities.services.calling import cancel_call, close_call, close_finished
from activities.states import CallState
from activities.tests.calling import an_open_call
from activities.tests.factories import CallFactory
from notices.models import Notice
from organization.models import AccessEvent, DepartmentKind
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import reader
from reading.tests.hostile import HOSTILE
from shuxiang.periods import SHANGHAI
from submissions.kinds import Kind
from submissions.models import Submission
from submissions.services.call_works import remind_of_calls
from submissions.services.contents import Content, Incomplete
from submissions.services.drafting import begin, save
from submissions.services.handing_in import hand_in
from submissions.services.review import review
from submissions.states import Action, State
from submissions.tests.factories import SubmissionFactory
from submissions.tests.handing_in import TEXTS, filled, opened

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 9, 10, tzinfo=SHANGHAI)
ESSAY = {"title": "读《论语》", "body": "学而时习之。"}


def opened_call(**columns) -> Call:
    return CallFactory(**{"state": CallState.OPEN, "rules_sha256": "0" * 64, **columns})


def draft(author, call: Call | None, now: datetime = NOW) -> Submission:
    from uuid import uuid4

    content = Content(version=ESSAY, work={"call": call})
    return begin(kind=Kind.ESSAY, content=content, by=author, token=uuid4(), now=now)[0]


# The service


@pytest.mark.at(NOW)
def test_a_draft_names_a_call_that_takes_it_and_no_other():
    own, other = (DepartmentFactory(parent=bureau(), kind=DepartmentKind.AGENCY) for _ in range(2))
    author = CadreFactory(department=other)
    assert draft(author, call := opened_call()).call == call
    refused = [
        opened_call(kinds="idea,creation"),
        opened_call(since=date(2026, 3, 10)),
        opened_call(until=date(2026, 3, 8)),
        opened_call(department=own),
        CallFactory(),
        opened_call(state=CallState.CANCELLED),
        opened_call(state=CallState.CLOSED),
    ]
    work = draft(author, None)
    for each in refused:
        with pytest.raises(NotAllowed):
            draft(author, each)
        with pytest.raises(NotAllowed):
            save(submission=work, seen=1, content=Content(work={"call": each}), by=author, now=NOW)
    assert draft(CadreFactory(department=own), refused[3]).call == refused[3]


@pytest.mark.at(NOW)
def test_the_last_day_counts_to_its_midnight():
    author, call = reader(), opened_call(until=date(2026, 3, 9))
    works = [draft(author, call) for _ in range(2)]
    evening, night = datetime(2026, 3, 9, 23, 59, tzinfo=SHANGHAI), datetime(2026, 3, 10, 0, 0, tzinfo=SHANGHAI)
    hand_in(submission=works[0], seen=1, by=author, now=evening)
    with pytest.raises(Incomplete) as refused:
        hand_in(submission=works[1], seen=1, by=author, now=night)
    assert refused.value.errors == {"call": f"没有上报：征集令{call.quoted}已经结束，请改选“不应征”或别的征集令。"}
    works[1].refresh_from_db()
    assert (works[1].state, works[1].call) == (State.DRAFT, call)


@pytest.mark.at(NOW)
def test_a_returned_work_keeps_its_call_after_the_end():
    author, office = reader(), reader(Role.OFFICE)
    call = an_open_call(office)
    work = draft(author, call)
    hand_in(submission=work, seen=1, by=author, now=NOW)
    work.refresh_from_db()
    review(submission=work, seen=work.revision, reviewer=office, action=Action.RETURN, reason="补充", now=NOW)
    assert close_finished(now=NOW + timedelta(days=30)) == 1
    work = Submission.objects.get(pk=work.pk)
    content = Content(version={"body": "改好了。"}, work={"call": call})
    work = save(submission=work, seen=work.revision, content=content, by=author, now=NOW)
    hand_in(submission=work, seen=work.revision, by=author, now=NOW)
    work.refresh_from_db()
    assert (work.state, work.call) == (State.PENDING, call)


# The form


@pytest.fixture
def author(client):
    """Signed in."""
    found = reader()
    client.force_login(found)
    return found


def test_every_kind_offers_the_calls_that_take_it(client, author):
    for kind in Kind.values:
        call = opened_call(kinds=kind, title=f"征集{kind}")
        page = client.get(f"/works/new/{kind}/", {"call": call.pk}).content.decode()
        assert [each for each in Kind.values if f"征集{each}" in page] == [kind]
        assert f'<option value="{call.pk}" selected>' in page
        stored = {**opened(client, f"/works/new/{kind}/"), **TEXTS[kind], "action": "draft", "call": call.pk}
        client.post(f"/works/new/{kind}/", stored)
        assert Submission.objects.get(kind=kind).call == call


def test_without_a_call_the_form_does_not_ask(client, author):
    assert "应征" not in client.get("/works/new/essay/").content.decode()
    over = opened_call(state=CallState.CLOSED)
    page = client.get("/works/new/essay/", {"call": over.pk}).content.decode()
    assert "现在不收这类作品" in page


def test_a_work_is_handed_in_for_a_call_and_says_so(client, author):
    call = opened_call(title="读党章征集")
    answer = client.post("/works/new/essay/", filled(client, "essay", call=call.pk), follow=True)
    work = Submission.objects.get()
    assert (work.call, work.state) == (call, State.PENDING)
    assert f'应征 <a href="/calls/{call.pk}/"><bdi>读党章征集</bdi></a>' in answer.content.decode()


def test_a_call_that_closed_meanwhile_is_told_and_the_rest_is_kept(client, author):
    office = reader(Role.OFFICE)
    call = an_open_call(office, now=timezone.now(), since=timezone.localdate(), until=timezone.localdate())
    form = filled(client, "essay", call=call.pk)
    client.post("/works/new/essay/", {**form, "action": "draft"})
    work = Submission.objects.get()
    assert work.call == call
    close_call(call=call, seen=call.version, by=office, now=timezone.now())
    edit = reverse("work_edit", args=[work.pk])
    assert "已经结束" in client.get(edit).content.decode()
    sent = {**form, **opened(client, edit), "body": "又写了一段。", "action": "submit"}
    page = client.post(edit, sent).content.decode()
    assert "没有上报：征集令" in page
    assert "其他内容已经保存为草稿" in page
    work.refresh_from_db()
    assert (work.state, work.versions.get().body) == (State.DRAFT, "又写了一段。")
    again = {**sent, **opened(client, edit), "call": ""}
    assert client.post(edit, again).url == reverse("work", args=[work.pk])
    work.refresh_from_db()
    assert (work.state, work.call) == (State.PENDING, None)


def test_a_call_that_closed_before_the_first_saving_is_told_at_its_field(client, author):
    call = opened_call()
    form = filled(client, "essay", action="draft", call=call.pk)
    Call.objects.filter(pk=call.pk).update(state=CallState.CLOSED)
    page = client.post("/works/new/essay/", form).content.decode()
    assert "这份征集令已经结束，或不收这类作品" in page
    work = Submission.objects.get()
    assert (work.title, work.call) == (TEXTS["essay"]["title"], None)


def test_an_older_form_leaves_the_call_alone(client, author):
    call = opened_call()
    client.post("/works/new/essay/", filled(client, "essay", action="draft", call=call.pk))
    work = Submission.objects.get()
    edit = reverse("work_edit", args=[work.pk])
    client.post(edit, {**opened(client, edit), **TEXTS["essay"], "title": "改过", "action": "draft"})
    work.refresh_from_db()
    assert (work.title, work.call) == ("改过", call)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_call_stores_everything_else(text, client, author):
    opened_call()
    form = filled(client, "essay", action="draft", call=text)
    assert client.post("/works/new/essay/", form).status_code == 200
    assert client.get("/works/new/essay/", {"call": text}).status_code == 200
    work = Submission.objects.get()
    assert (work.title, work.call) == (TEXTS["essay"]["title"], None)
    client.force_login(reader(Role.OFFICE))
    queue = reverse("admin:submissions_submission_queue")
    assert client.get(queue, {"call": text}).status_code == 200


# The page of the call


def works_for(call: Call, *authors, **columns) -> list[Submission]:
    day = timezone.localdate()
    return [SubmissionFactory(people=[each], call=call, credit_date=day, **columns) for each in authors]


def shown(client, call: Call, **asked) -> list[str]:
    page = client.get(reverse("call", args=[call.pk]), asked).content.decode()
    return [work.title for work in Submission.objects.order_by("pk") if f"<bdi>{work.title}</bdi></a>" in page]


def test_everybody_sees_what_is_shown_and_the_own_and_the_office_all(client):
    call, mine, other = opened_call(), reader(), reader()
    own, theirs = works_for(call, mine, other)
    (public,) = works_for(call, other, state=State.APPROVED, show_in_showcase=True, title="展示的")
    works_for(call, other, state=State.WITHDRAWN, title="撤回的")
    SubmissionFactory(people=[other], call=call, state=State.DRAFT, credit_date=None, quarter="", title="草稿")
    works_for(opened_call(), other, state=State.APPROVED, show_in_showcase=True, title="别的征集")
    client.force_login(mine)
    assert shown(client, call) == [own.title, public.title]
    for role in (Role.LIAISON, Role.LEADER):
        client.force_login(reader(role))
        assert shown(client, call) == [public.title]
    client.force_login(reader(Role.OFFICE))
    assert shown(client, call) == [own.title, theirs.title, public.title]
    page = client.get(reverse("call", args=[call.pk])).content.decode()
    assert "已上报 3 件" in page
    assert f"/admin/submissions/submission/review/?call={call.pk}" in page
    assert "待审" in page


def test_works_are_filtered_by_department_and_kind_and_counted(client):
    first, second = (DepartmentFactory(parent=bureau(), name=name) for name in ("法规科", "审计科"))
    call = opened_call(kinds="essay,idea")
    works_for(call, *(CadreFactory(department=first) for _ in range(2)))
    works_for(call, CadreFactory(department=second), kind=Kind.IDEA, title="好主意")
    client.force_login(reader(Role.OFFICE))
    page = client.get(reverse("call", args=[call.pk])).content.decode()
    assert "法规科 2 件" in page
    assert "审计科 1 件" in page
    assert shown(client, call, department=second.pk) == shown(client, call, kind="idea") == ["好主意"]
    assert shown(client, call, department=first.pk, kind="idea") == []


def test_the_review_desk_lists_the_works_of_a_call(client):
    call, other = opened_call(title="读党章"), reader()
    works_for(call, other, title="应征的")
    works_for(opened_call(), other, title="别的")
    client.force_login(reader(Role.OFFICE))
    page = client.get(reverse("admin:submissions_submission_queue"), {"call": call.pk}).content.decode()
    assert ("应征的" in page, "<bdi>别的</bdi>" in page, "只列应征“<bdi>读党章</bdi>”" in page) == (True, False, True)
    assert f"call={call.pk}" in page


def test_the_office_takes_the_list_home_and_that_is_recorded(client):
    first = DepartmentFactory(parent=bureau(), name="法规科")
    call = opened_call(title="=征集")
    people = [CadreFactory(department=first, name=name) for name in ("秦越", "许望舒")]
    SubmissionFactory(people=people, call=call, credit_date=date(2026, 3, 9), reference="WB1", title="=cmd()")
    url = reverse("call_workbook", args=[call.pk])
    client.force_login(reader(Role.OFFICE))
    content = b"".join(client.get(url).streaming_content)
    sheet = openpyxl.load_workbook(BytesIO(content))["应征作品"]
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert found == [
        [1, "WB1", "读书心得", "=cmd()", "秦越、许望舒", "法规科", datetime(2026, 3, 9), "待审", None],
    ]
    assert AccessEvent.objects.latest("pk").about == f"征集令 {call.reference}"
    for role in (Role.CADRE, Role.LEADER):
        client.force_login(reader(role))
        assert client.get(url).status_code == 404


def test_a_county_office_sees_the_works_of_its_own_call_only(client):
    ours, theirs = (DepartmentFactory(parent=bureau(), kind=DepartmentKind.AGENCY) for _ in range(2))
    call = opened_call(department=ours)
    works_for(call, CadreFactory(department=ours), title="本县的")
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=ours))
    assert shown(client, call) == ["本县的"]
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=theirs))
    assert client.get(reverse("call_workbook", args=[call.pk])).status_code == 404


def test_as_many_queries_for_thirty_works_as_for_one(client):
    call = opened_call(kinds="essay,idea")
    counts = []
    for number in (1, 29):
        for _ in range(number):
            works_for(call, reader(), state=State.APPROVED, show_in_showcase=True)
        found = []
        for viewer in (reader(), reader(Role.OFFICE)):
            client.force_login(viewer)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse("call", args=[call.pk])).status_code == 200
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 10


# Reminders


def test_liaisons_and_the_office_learn_the_number_once_three_days_before():
    liaison, office, cadre = reader(Role.LIAISON), reader(Role.OFFICE), reader()
    call = opened_call(since=date(2026, 3, 1), until=date(2026, 3, 31))
    SubmissionFactory(people=[cadre], call=call, credit_date=date(2026, 3, 9))
    SubmissionFactory(people=[cadre], call=call, credit_date=date(2026, 3, 9), state=State.WITHDRAWN)
    at = lambda day: datetime(2026, 3, day, 8, 10, tzinfo=SHANGHAI)  # noqa: E731
    assert remind_of_calls(now=at(27)) == 0
    assert remind_of_calls(now=at(28)) == 1
    assert remind_of_calls(now=at(29)) == 0
    assert set(Notice.objects.values_list("recipient", flat=True)) == {liaison.pk, office.pk}
    assert Notice.objects.first().subject == f"征集令{call.quoted} 3 月 31 日截止，已收到 1 件"


def test_a_cancelled_call_keeps_the_works_that_answered_it(client, author):
    office = reader(Role.OFFICE)
    call = an_open_call(office, now=timezone.now(), since=timezone.localdate(), until=timezone.localdate())
    (work,) = works_for(call, author)
    cancel_call(call=call, seen=call.version, by=office, now=timezone.now(), reason="合并")
    page = client.get(reverse("call", args=[call.pk])).content.decode()
    assert "已经撤销" in page
    assert shown(client, call) == [work.title]
