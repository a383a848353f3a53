"""One decision for many works: confirmed first, row by row, never an own or a stale one."""

import re
from datetime import date

import pytest
from django.contrib.admin.models import LogEntry

from organization.roles import Role
from organization.tests.factories import CadreFactory
from submissions.desk import BULK_LIMIT
from submissions.models import Decision, ReasonTemplate, Submission
from submissions.states import State
from submissions.tests.review_desk import (
    BULK,
    CHANGELIST,
    OWN_WAYS,
    QUEUE,
    Office,
    faults,
    make_own,
    office,
    other_agencys_work,
    state_of,
    tick,
)

__all__ = ["office"]
pytestmark = pytest.mark.django_db
# Action: (state before, what else the confirmation sends, state after, grade after).
ACTIONS = {
    "approve": (State.PENDING, {"grade": "good"}, State.APPROVED, "good"),
    "return": (State.PENDING, {"reason": "请补齐出处"}, State.RETURNED, ""),
    "reject": (State.PENDING, {"reason": "与人雷同"}, State.REJECTED, ""),
    "rate": (State.APPROVED, {"grade": "excellent"}, State.APPROVED, "excellent"),
}
each_action = pytest.mark.parametrize("action", ACTIONS)


def ask(client, action, ticks):
    return client.post(BULK, {"action": action, "works": ticks})


def confirm(client, action, ticks, **fields):
    return client.post(BULK, {"action": action, "works": ticks, "confirmed": "1"} | fields)


def report(response) -> tuple[list[str], list[str]]:
    """Titles done, and reasons of those refused."""
    context = response.context
    return [each.row.submission.title for each in context["doable"]], [each.refusal for each in context["refused"]]


def test_many_are_returned_with_the_reason_of_a_template(client, office):
    works = [office.work() for _ in range(2)]
    template = ReasonTemplate.objects.create(name="缺出处", action="return", text="请补齐出处。", position=1)
    ReasonTemplate.objects.create(name="雷同", action="reject", text="与人雷同。", position=2)
    page = ask(client, "return", tick(*works)).content.decode()
    assert (f'<option value="{template.pk}"' in page, "雷同" in page, faults(page)) == (True, False, [])
    assert re.search(r"review(\.\w+)?\.js", page)
    confirm(client, "return", tick(*works), template=template.pk)
    assert list(Decision.objects.values_list("reason", flat=True)) == ["请补齐出处。"] * 2


@each_action
def test_nothing_is_done_before_it_is_confirmed(action, client, office):
    before, fields, after, grade = ACTIONS[action]
    works = [office.work(state=before) for _ in range(3)]
    page = ask(client, action, tick(*works)).content.decode()
    assert ("将对 3 件作品办理" in page, "涉及 1 人" in page) == (True, True)
    assert [title for title in (work.title for work in works) if title not in page] == []
    assert [state_of(work) for work in works] == [before] * 3
    assert faults(page) == []
    done = confirm(client, action, tick(*works), **fields)
    assert "已办理 3 件。" in done.content.decode()
    stored = Submission.objects.values_list("state", "grade", "revision")
    assert list(stored) == [(after, grade, 2)] * 3
    assert (Decision.objects.count(), LogEntry.objects.count()) == (3, 3)
    assert faults(done.content.decode()) == []


@each_action
@pytest.mark.parametrize("way", OWN_WAYS)
def test_own_works_are_reported_and_never_done(way, action, client, office):
    before, fields, after, _ = ACTIONS[action]
    own, other = make_own(office.work(state=before), office.clerk, way), office.work(state=before)
    asked = ask(client, action, tick(own, other))
    assert report(asked) == ([other.title], ["您参与或登记了这件作品，请由另一位同事办理。"])
    done = confirm(client, action, tick(own, other), **fields)
    assert report(done) == ([other.title], ["不能办理自己参与的作品，请由另一位同事办理。"])
    assert (state_of(own), state_of(other), own.decisions.count()) == (before, after, 0)


@each_action
def test_stale_rows_and_wrong_states_are_reported_and_never_done(action, client, office):
    before, fields, after, _ = ACTIONS[action]
    stale, withdrawn, good = (office.work(state=before) for _ in range(3))
    ticks = tick(stale, withdrawn, good)
    Submission.objects.filter(pk=stale.pk).update(revision=5)
    Submission.objects.filter(pk=withdrawn.pk).update(state=State.WITHDRAWN)
    for response in (ask(client, action, ticks), confirm(client, action, ticks, **fields)):
        assert report(response)[0] == [good.title]
        assert [text[:10] for text in report(response)[1]] == ["这件作品刚被别人处理", "作品现在是“已撤回”"]
    assert (state_of(stale), state_of(withdrawn), state_of(good)) == (before, State.WITHDRAWN, after)


def test_sent_twice_it_is_done_once(client, office):
    work = office.work()
    ticks = tick(work, work)
    confirm(client, "approve", ticks)
    assert report(confirm(client, "approve", ticks)) == ([], ["这件作品刚被别人处理过，请刷新后核对再办。"])
    assert work.decisions.count() == 1


def test_works_out_of_sight_are_counted_but_not_named(client):
    foreign, ours = other_agencys_work(), other_agencys_work()
    office = Office()
    office.clerk.postings.update(department=ours.contributors.get().cadre.postings.get().department)
    client.force_login(office.clerk)
    for response in (ask(client, "approve", tick(foreign, ours)), confirm(client, "approve", tick(foreign, ours))):
        assert (report(response)[0], response.context["missing"]) == ([ours.title], 1)
        assert foreign.title not in response.content.decode()
    assert state_of(foreign) == State.PENDING


@pytest.mark.parametrize("action", ["", "reopen", "withdraw", "submit", "nonsense"])
def test_no_other_action_works_on_many(action, client, office):
    work = office.work(state=State.APPROVED)
    response = confirm(client, action, tick(work), reason="x")
    assert (response.url, state_of(work)) == (QUEUE, State.APPROVED)


@pytest.mark.parametrize("ticks", [[], ["x"], ["1"], ["9" * 30 + ":1"], ["-1:1"], [":"], ["１:1"], ["\0:1"]])
def test_garbage_ticks_lead_nowhere(ticks, client, office):
    work = office.work()
    for send in (ask, confirm):
        assert send(client, "approve", ticks).status_code in (200, 302)
    assert state_of(work) == State.PENDING


def test_a_missing_reason_is_told_and_the_rest_kept(client, office):
    work = office.work()
    page = confirm(client, "return", tick(work), reason=" ").content.decode()
    assert ("退回修改要写明理由" in page, f'value="{work.pk}:1"' in page) == (True, True)
    assert state_of(work) == State.PENDING


@pytest.mark.parametrize("grade", ["", "excellent"])
def test_a_reason_typed_for_works_that_were_refused_is_not_lost(grade, client, office):
    """A grade that goes with no return makes the form wrong: then the confirmation comes again instead."""
    work = office.work()
    ticks = tick(work)
    Submission.objects.filter(pk=work.pk).update(revision=5)
    assert "请补齐出处" in confirm(client, "return", ticks, reason="请补齐出处", grade=grade).content.decode()


def test_too_many_at_once_are_refused(client, office):
    response = ask(client, "approve", [f"{number}:1" for number in range(1, BULK_LIMIT + 2)])
    assert response.url == QUEUE
    assert f"一次最多办理 {BULK_LIMIT} 件" in client.get(QUEUE).content.decode()


@each_action
@pytest.mark.parametrize("way", OWN_WAYS)
def test_the_lists_own_actions_lead_to_the_same_confirmation(way, action, client, office):
    before, _, _, _ = ACTIONS[action]
    own, other = make_own(office.work(state=before), office.clerk, way), office.work(state=before)
    chosen = {"action": f"{action}_selected", "_selected_action": [own.pk, other.pk], "confirmed": "1"}
    response = client.post(CHANGELIST, chosen)
    assert (state_of(own), state_of(other), Decision.objects.count()) == (before, before, 0)
    assert report(response)[0] == [other.title]


def test_with_every_other_role_besides_an_own_work_stays_untouched(client, office):
    """Another role opens no second way: an office that is also liaison, leader and rater."""
    many = CadreFactory(roles=[Role.OFFICE, Role.LIAISON, Role.LEADER, Role.RATER], department=office.department)
    work = make_own(office.work(), many, "named")
    client.force_login(many)
    confirm(client, "approve", tick(work))
    assert state_of(work) == State.PENDING


def test_the_actions_of_the_list_are_the_offices_alone(client, office):
    work = office.work()
    client.force_login(CadreFactory(roles=[Role.OFFICE, Role.SECURITY], department=office.department))
    chosen = {"action": "approve_selected", "_selected_action": [work.pk]}
    assert client.post(CHANGELIST, chosen).status_code == 403


def test_the_quarter_is_named_in_full_on_the_confirmation_and_in_the_list(client, office):
    work = office.work(credit_date=date(2024, 1, 5), quarter="2023Q4")
    confirmation = ask(client, "approve", tick(work)).content.decode()
    assert ("计入 2023 年第四季度（补报）" in confirmation, "2023Q4" in confirmation) == (True, False)
    assert (
        '<td class="field-belongs_to">2023\N{NO-BREAK SPACE}年第四季度 补报</td>'
        in client.get(CHANGELIST).content.decode()
    )
