from datetime import datetime

import pytest

from reading.models import Copy, CopyEvent
from reading.services.copies import TOLD_ELSEWHERE, StaleCopy, change_state
from reading.states import COPY_TRANSITIONS, IN_STOCK, CopyAction, CopyState
from reading.tests.factories import CopyFactory, reader
from shuxiang.periods import SHANGHAI

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)
EARLIER = datetime(2024, 3, 1, tzinfo=SHANGHAI).date()


def copy_in(state: CopyState) -> Copy:
    return CopyFactory(state=state, left_on=None if state in IN_STOCK else EARLIER)


@pytest.mark.parametrize("state", list(CopyState))
@pytest.mark.parametrize("action", list(CopyAction))
def test_a_copy_goes_where_the_table_says_and_nowhere_else(state, action):
    copy, actor = copy_in(state), reader()
    after = COPY_TRANSITIONS.get((state, action))
    if after is None:
        with pytest.raises(StaleCopy, match=f"现在是“{state.label}”，不能办理“{action.label}”"):
            change_state(copy=copy, action=action, by=actor, now=NOW)
        assert CopyEvent.objects.count() == 0
        return
    assert change_state(copy=copy, action=action, by=actor, now=NOW, reason=" 因为 ") == after
    stored = Copy.objects.get()
    left = None if after in IN_STOCK else EARLIER if state == CopyState.LOST else NOW.date()
    assert (stored.state, stored.left_on) == (copy.state, copy.left_on) == (after, left)
    events = [
        (each.action, each.from_state, each.to_state, each.reason, each.actor) for each in CopyEvent.objects.all()
    ]
    assert events == ([] if action in TOLD_ELSEWHERE else [(action, state, after, "因为", actor)])


@pytest.mark.parametrize("action", [action for state, action in COPY_TRANSITIONS if state == CopyState.AVAILABLE])
def test_of_two_who_saw_the_same_copy_the_second_is_told(action):
    copy = copy_in(CopyState.AVAILABLE)
    first, second = (Copy.objects.get(pk=copy.pk) for _ in range(2))
    change_state(copy=first, action=action, by=None, now=NOW)
    with pytest.raises(StaleCopy, match="刚被别人办理过"):
        change_state(copy=second, action=action, by=None, now=NOW)
    assert Copy.objects.get().state == first.state


def test_other_columns_are_stored_with_the_state():
    copy = copy_in(CopyState.AVAILABLE)
    change_state(copy=copy, action=CopyAction.REPAIR, by=None, now=NOW, condition="damaged")
    assert (copy.condition, Copy.objects.get().condition, Copy.objects.get().changed_at) == ("damaged", "damaged", NOW)
