"""The services of calls for works with two stale copies, and the rules that the database keeps frozen."""

from datetime import date, datetime
from hashlib import sha256
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from activities.kinds import WorkKind
from activities.models import Call, CallEvent
from activities.services.calling import (
    cancel_call,
    claim_reminder,
    close_call,
    close_finished,
    digest_of,
    draft_call,
    edit_call,
    extend_call,
    open_call,
    reopen_call,
)
from activities.states import CALL_TRANSITIONS, CallAction, CallState
from activities.tests.calling import NOW, UNTIL, a_draft, an_open_call, content
from notices.models import Notice
from organization.models import DepartmentKind
from organization.roles import Role
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import reader
from shuxiang.periods import SHANGHAI
from submissions.kinds import Kind

pytestmark = pytest.mark.django_db
LATER = date(2026, 4, 10)
# One step from each state that allows it.
STEPS = {
    CallAction.OPEN: (open_call, {}),
    CallAction.EXTEND: (extend_call, {"until": LATER}),
    CallAction.CLOSE: (close_call, {}),
    CallAction.REOPEN: (reopen_call, {"until": LATER}),
    CallAction.CANCEL: (cancel_call, {"reason": "合并到下一期"}),
}


def in_state(state: CallState, office) -> Call:
    call = a_draft(office)
    if state != CallState.DRAFT:
        open_call(call=call, seen=call.version, by=office, now=NOW)
    if state == CallState.CLOSED:
        close_call(call=call, seen=call.version, by=office, now=NOW)
    if state == CallState.CANCELLED:
        cancel_call(call=call, seen=call.version, by=office, now=NOW, reason="合并")
    return call


def taken(call: Call, action: CallAction, office) -> None:
    step, more = STEPS[action]
    step(call=call, seen=call.version, by=office, now=NOW, **more)


def test_the_kinds_of_works_are_those_of_the_works():
    assert WorkKind.choices == Kind.choices


def test_the_table_of_its_life_is_what_the_services_do():
    office = reader(Role.OFFICE)
    for state, action in product(CallState, STEPS):
        call = in_state(state, office)
        after = CALL_TRANSITIONS.get((state, action))
        if after is None:
            with pytest.raises(IllegalStep):
                taken(call, action, office)
        else:
            taken(call, action, office)
        call.refresh_from_db()
        assert call.state == (after or state), (state, action)
    assert {action for _, action in CALL_TRANSITIONS} == {*STEPS, CallAction.EDIT}


def test_of_two_who_take_a_step_from_what_both_saw_the_second_is_told():
    office = reader(Role.OFFICE)
    for state, action in [key for key in CALL_TRANSITIONS if key[1] != CallAction.EDIT]:
        call = in_state(state, office)
        copies = [Call.objects.get(pk=call.pk) for _ in range(2)]
        before = CallEvent.objects.count()
        taken(copies[0], action, office)
        with pytest.raises(Stale):
            taken(copies[1], action, office)
        assert CallEvent.objects.count() == before + 1
    draft = a_draft(office, title="另一份")
    copies = [Call.objects.get(pk=draft.pk) for _ in range(2)]
    edit_call(call=copies[0], seen=1, content=content(title="改过的"), by=office, now=NOW)
    with pytest.raises(Stale):
        edit_call(call=copies[1], seen=1, content=content(title="又改"), by=office, now=NOW)
    assert Call.objects.get(pk=draft.pk).title == "改过的"


def test_only_the_office_of_the_host_does_any_of_it():
    root = bureau()
    theirs, ours = (DepartmentFactory(parent=root, kind=DepartmentKind.AGENCY) for _ in range(2))
    own, other = (CadreFactory(roles=[Role.OFFICE], department=each) for each in (ours, theirs))
    call = a_draft(own, department=ours)
    for by in (other, reader(), reader(Role.LEADER)):
        for state, action in product([CallState.DRAFT], [CallAction.OPEN, CallAction.CANCEL]):
            assert call.state == state
            with pytest.raises(NotAllowed):
                taken(call, action, by)
        with pytest.raises(NotAllowed):
            edit_call(call=call, seen=1, content=content(department=theirs), by=by, now=NOW)
        with pytest.raises(NotAllowed):
            draft_call(content=content(department=ours), by=by, now=NOW)
    with pytest.raises(NotAllowed):  # the root's is not a county office's
        draft_call(content=content(), by=own, now=NOW)
    with pytest.raises(NotAllowed):  # nor may it hand its own over
        edit_call(call=call, seen=1, content=content(department=theirs), by=own, now=NOW)


def test_it_opens_with_the_digest_of_what_it_says():
    call = an_open_call()
    said = (
        f"征集令 {call.reference}\n名称：读党章心得征集\n征集：读书心得\n开始：2026-03-09\n规则：\n一、写一篇心得。\n"
    )
    assert call.rules_sha256 == digest_of(call) == sha256(said.encode()).hexdigest()
    assert call.reference == f"ZJ2026-{call.pk:03}"


def test_the_same_draft_sent_twice_is_one():
    office = reader(Role.OFFICE)
    assert a_draft(office) == a_draft(office)
    assert Call.objects.count() == CallEvent.objects.count() == 1


def test_last_days_are_checked_on_both_sides_of_midnight():
    office = reader(Role.OFFICE)
    call = a_draft(office)
    evening, night = datetime(2026, 3, 31, 23, 59, tzinfo=SHANGHAI), datetime(2026, 4, 1, 0, 0, tzinfo=SHANGHAI)
    with pytest.raises(ValueError, match="已经过了"):
        open_call(call=call, seen=1, by=office, now=night)
    open_call(call=call, seen=1, by=office, now=evening)
    with pytest.raises(ValueError, match="延期要改到"):
        extend_call(call=call, seen=call.version, until=UNTIL, by=office, now=evening)
    assert close_finished(now=evening) == 0
    assert close_finished(now=night) == 1
    assert close_finished(now=night) == 0
    event = CallEvent.objects.latest("pk")
    assert (event.action, event.actor, event.reason) == ("close", None, "到期结束")
    call.refresh_from_db()
    with pytest.raises(ValueError, match="新的截止日期"):
        reopen_call(call=call, seen=call.version, until=UNTIL, by=office, now=night)
    reopen_call(call=call, seen=call.version, until=date(2026, 4, 1), by=office, now=night)
    assert (call.state, call.until) == (CallState.OPEN, date(2026, 4, 1))


def test_extending_says_from_and_to_and_reminds_anew():
    office = reader(Role.OFFICE)
    call = an_open_call(office)
    assert claim_reminder(call=call) is True
    assert claim_reminder(call=call) is False
    extend_call(call=call, seen=call.version, until=LATER, by=office, now=NOW, reason="应大家要求")
    assert (
        call.events.latest("pk").reason
        == "截止日期由 2026 年 3 月 31 日 星期二改为 2026 年 4 月 10 日 星期五：应大家要求"
    )
    assert claim_reminder(call=call) is True


def test_an_opened_one_is_cancelled_with_a_reason_only():
    office = reader(Role.OFFICE)
    call = an_open_call(office)
    with pytest.raises(ValueError, match="写明原因"):
        cancel_call(call=call, seen=call.version, by=office, now=NOW, reason=" ")
    cancel_call(call=a_draft(office, title="没有发布的"), seen=1, by=office, now=NOW)


def test_whom_it_concerns_is_told_when_it_opens_and_nobody_else():
    root = bureau()
    group = DepartmentFactory(parent=root, kind=DepartmentKind.AGENCY)
    office = CadreFactory(roles=[Role.OFFICE], department=DepartmentFactory(parent=group))
    theirs, elsewhere = CadreFactory(department=DepartmentFactory(parent=group)), reader()
    gone = CadreFactory(department=group, is_active=False)
    call = an_open_call(office, department=group)
    assert list(Notice.objects.values_list("recipient", flat=True)) == [theirs.pk]
    assert Notice.objects.get().address == f"/calls/{call.pk}/"
    an_open_call(CadreFactory(roles=[Role.OFFICE], department=root), title="全单位的")
    told = set(Notice.objects.filter(subject__contains="全单位的").values_list("recipient", flat=True))
    assert told == {theirs.pk, elsewhere.pk, office.pk}
    assert gone.pk not in told


FROZEN = {
    "title": "别的名称", "kinds": "essay,idea", "rules": "改过的规则", "rules_sha256": "0" * 64,
    "since": date(2026, 3, 1), "reference": "别的编号", "state": CallState.DRAFT,
}  # fmt: skip


@pytest.mark.parametrize("column", FROZEN)
def test_the_database_refuses_to_change_what_opened(column):
    call = an_open_call()
    with pytest.raises(IntegrityError, match="call_rules_are_frozen"), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(**{column: FROZEN[column]})
    Call.objects.filter(pk=call.pk).update(until=LATER, state=CallState.CLOSED)
    draft = a_draft(title="另一份")
    Call.objects.filter(pk=draft.pk).update(**{column: FROZEN[column]})


COLUMNS = ", ".join(field.column for field in Call._meta.concrete_fields)
ALTERED = COLUMNS.replace(" rules,", " '改过的规则',")
ANOTHER = ALTERED.replace("id,", "id + 100,", 1)
MOVED = "SET {column} = (SELECT {column} FROM activities_call WHERE state = 'open') WHERE state = 'draft'"
OVERWRITING = {
    "deleted": "DELETE FROM activities_call WHERE state = 'open'",
    "its key": "UPDATE activities_call SET id = id + 100 WHERE state = 'open'",
    "added": f"INSERT INTO activities_call ({COLUMNS}) SELECT {ALTERED} FROM activities_call WHERE state = 'open'",
    "the key taken": f"UPDATE activities_call {MOVED.format(column='id')}",
    "the number taken": f"UPDATE activities_call {MOVED.format(column='reference')}",
}
REPLACING = {
    "replaced": f"REPLACE INTO activities_call ({COLUMNS}) SELECT {ALTERED} FROM activities_call WHERE state = 'open'",
    "number": f"REPLACE INTO activities_call ({COLUMNS}) SELECT {ANOTHER} FROM activities_call WHERE state = 'open'",
    "row": "UPDATE activities_call SET rowid = rowid + 100 WHERE state = 'open'",
    "or key": f"UPDATE OR REPLACE activities_call {MOVED.format(column='id')}",
    "or row": f"UPDATE OR REPLACE activities_call {MOVED.format(column='rowid')}",
    "or number": f"UPDATE OR REPLACE activities_call {MOVED.format(column='reference')}",
}


WAYS = OVERWRITING | (REPLACING if connection.vendor == "sqlite" else {})


@pytest.mark.parametrize("way", WAYS)
def test_the_database_lets_nothing_take_the_place_of_what_opened(way):
    call = an_open_call()
    a_draft(title="另一份")
    rows = list(Call.objects.order_by("pk").values())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WAYS[way])
    assert list(Call.objects.order_by("pk").values()) == rows
    assert digest_of(Call.objects.get(pk=call.pk)) == call.rules_sha256


def test_a_draft_may_still_go():
    draft = a_draft()
    draft.events.all().delete()
    assert Call.objects.filter(pk=draft.pk).delete()[0] == 1


@pytest.mark.django_db(transaction=True)
def test_the_guard_goes_and_comes_with_its_migration(seeds):
    call = an_open_call()
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes("activities")
    MigrationExecutor(connection).migrate([("activities", "0004_seeds")])
    try:
        Call.objects.filter(pk=call.pk).update(rules="没有人看守")
    finally:
        MigrationExecutor(connection).migrate(latest)
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=call.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(rules="又改")


@pytest.mark.parametrize(
    ("rules", "heading"),
    [
        ("一、征集内容：\n\n二、作品要求：一千字。", "一、征集内容："),
        ("一、征集内容：心得。\n二、作品要求：\n", "二、作品要求："),
        ("一、征集内容：\n写一本书。\n二、作品要求：一千字。", ""),
    ],
)
def test_a_heading_over_nothing_is_not_published(rules, heading):
    office = reader(Role.OFFICE)
    call = draft_call(content=content(rules=rules), by=office, now=NOW)
    if heading:
        with pytest.raises(ValueError, match=f"“{heading}”下面还空着"):
            open_call(call=call, seen=call.version, by=office, now=NOW)
    else:
        open_call(call=call, seen=call.version, by=office, now=NOW)
    assert Call.objects.get().state == (CallState.DRAFT if heading else CallState.OPEN)
