"""What came of an activity: minutes, conclusions, a replay, how many came from outside."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from activities.models import Activity, ActivityEvent
from activities.services.authority import check_runs
from activities.states import ACTIVITY_TRANSITIONS, ActivityAction, ActivityState
from organization.models import Cadre
from organization.services.lives import IllegalStep, Stale
from shuxiang.links import checked_link

WHAT = "活动"
MOST_MINUTES, MOST_CONCLUSIONS, MOST_GUESTS = 20_000, 5_000, 99_999
LABELS = {"minutes": "纪要", "conclusions": "结论", "replay": "回放网址", "guests": "外来人数"}


@dataclass(frozen=True)
class Outcome:
    """`guests` is None where nobody counted them."""

    minutes: str = ""
    conclusions: str = ""
    replay: str = ""
    guests: int | None = None


def record_outcome(*, activity: Activity, seen: int, outcome: Outcome, by: Cadre, now: datetime) -> list[str]:
    """Gives the names of what changed; where nothing did, nothing is written. `seen` is the version from which the
    text was written. Raises NotAllowed, IllegalStep, Stale, or BadLink for a replay that is no address of the web.
    """
    check_runs(by, activity)
    columns = {**vars(outcome), "replay": checked_link(outcome.replay)}
    with transaction.atomic():
        before = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
        state = ActivityState(before.state)
        after = ACTIVITY_TRANSITIONS.get((state, ActivityAction.EDIT))
        if after is None:
            raise IllegalStep(WHAT, state.label, "登记纪要")
        if before.version != seen:
            raise Stale(WHAT)
        changed = {name: value for name, value in columns.items() if getattr(before, name) != value}
        if not changed:
            return []
        same = Activity.objects.filter(pk=before.pk, version=seen, state=state)
        if same.update(version=F("version") + 1, **changed) != 1:
            raise Stale(WHAT)
        told = [LABELS[name] for name in LABELS if name in changed]
        ActivityEvent.objects.create(
            activity=before, action=ActivityAction.EDIT, from_state=state, to_state=after, actor=by, at=now,
            reason="、".join(told),
        )  # fmt: skip
    return told
