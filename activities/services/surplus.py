"""Activities ahead that their series no longer yields: it was paused, ended, or falls on other days now. Nobody cancels
them but the office, from a list that it has seen."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from activities.models import Activity, ActivityEvent, Series
from activities.services.authority import check_edits_series
from activities.services.generating import yielded
from activities.services.telling import News, letters_about
from activities.states import ActivityAction, ActivityState
from notices.services import send_letters
from organization.models import Cadre

REASON = "系列不再安排"
# What somebody wrote at an activity by hand, beside what hangs on it.
WRITTEN = Q(theme__isnull=True, guests__isnull=True, partner="", minutes="", conclusions="", replay="")


def surplus(series: Series, today: date) -> QuerySet[Activity]:
    """By date; two queries, before it is asked for."""
    return ahead(series, today).filter(pk__in=surplus_keys(series, today))


def surplus_keys(series: Series, today: date) -> set[int]:
    """Their ids; two queries."""
    occurrences = dict(ahead(series, today).values_list("pk", "occurrence"))
    still = {} if series.is_paused else yielded(series, set(occurrences.values()))
    return {key for key, occurrence in occurrences.items() if occurrence not in still}


def ahead(series: Series, today: date) -> QuerySet[Activity]:
    return series.activities.filter(state=ActivityState.SCHEDULED, date__gt=today).order_by("date", "pk")


def bare(activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """Those on which nothing hangs: no sign-ups, speakers, books, materials, questionnaires …, whatever is added to
    activities later; its own history does not count."""
    for relation in Activity._meta.related_objects:
        if relation.related_model is not ActivityEvent:
            hanging = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            activities = activities.filter(~Exists(hanging))
    return activities.filter(WRITTEN)


@transaction.atomic
def cancel_surplus(*, series: Series, chosen: Collection[int], by: Cadre, now: datetime) -> int:
    """Cancels those of the chosen that are still surplus and bare, tells who organises them, and gives their number.
    Raises NotAllowed."""
    check_edits_series(by, series)
    rows = bare(surplus(series, timezone.localdate(now))).filter(pk__in=chosen)
    cancelled = [activity for activity in rows if cancel(activity, now)]
    ActivityEvent.objects.bulk_create(
        ActivityEvent(
            activity=activity, action=ActivityAction.CANCEL, from_state=ActivityState.SCHEDULED,
            to_state=ActivityState.CANCELLED, actor=by, at=now, reason=REASON,
        )
        for activity in cancelled
    )  # fmt: skip
    news = {each: News(each.title, f"{each.when_and_where}\n原因：{REASON}") for each in cancelled}
    send_letters(letters_about(news, by=by, what="取消了"), now=now)
    return len(cancelled)


def cancel(activity: Activity, now: datetime) -> bool:
    """Unless somebody changed it, or hung something on it, at this moment."""
    same = Activity.objects.filter(pk=activity.pk, version=activity.version, state=ActivityState.SCHEDULED)
    columns = {"state": ActivityState.CANCELLED, "version": activity.version + 1, "sequence": activity.sequence + 1}
    return bare(same).update(**columns) == 1
