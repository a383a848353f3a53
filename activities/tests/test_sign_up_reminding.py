"""What the clock does with the lists."""

from datetime import date, datetime, timedelta

import pytest

from activities.models import Activity, Registration
from activities.services.sign_up_reminding import release_leavers, remind_registered
from activities.services.signing_up import sign_up
from activities.states import ActivityState
from activities.tasks import sign_ups
from activities.tests.factories import with_sign_up
from notices.models import Notice
from organization.models import Cadre, Posting
from reading.tests.factories import reader
from shuxiang.celery import app
from shuxiang.periods import SHANGHAI

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 28)
EVE = datetime(2026, 3, 27, 8, 5, tzinfo=SHANGHAI)


def entered(activity, number: int) -> list[Registration]:
    people = [reader() for _ in range(number)]
    return [sign_up(activity=activity, cadre=each, by=each, now=EVE - timedelta(days=3)) for each in people]


def told() -> list[int]:
    return sorted(Notice.objects.filter(subject__startswith="明天有您报名的活动").values_list("recipient", flat=True))


def test_the_day_before_everybody_with_a_seat_is_reminded_once():
    activity = with_sign_up(capacity=2, date=DAY, title="清明读书会")
    first, second, _ = entered(activity, 3)
    assert remind_registered(now=EVE - timedelta(days=1)) == 0
    assert remind_registered(now=EVE) == 2
    assert remind_registered(now=EVE + timedelta(hours=1)) == 0
    assert told() == sorted([first.cadre_id, second.cadre_id])
    notice = Notice.objects.get(recipient=first.cadre)
    assert (notice.subject, notice.address) == ("明天有您报名的活动：“清明读书会”", f"/activities/{activity.pk}/")
    assert notice.body.startswith("2026 年 3 月 28 日 星期六 14:30–16:00，三楼会议室。")


def test_of_a_moved_activity_they_are_reminded_anew():
    activity = with_sign_up(date=DAY)
    entered(activity, 1)
    remind_registered(now=EVE)
    Activity.objects.filter(pk=activity.pk).update(date=DAY + timedelta(days=7))
    assert remind_registered(now=EVE + timedelta(days=7)) == 1


def test_nobody_is_reminded_of_what_is_cancelled():
    activity = with_sign_up(date=DAY)
    entered(activity, 1)
    Activity.objects.filter(pk=activity.pk).update(state=ActivityState.CANCELLED)
    assert remind_registered(now=EVE) == 0


@pytest.mark.parametrize(("until", "released"), [(DAY - timedelta(days=1), 1), (DAY, 0)])
def test_who_leaves_before_the_day_gives_the_seat_back(until, released):
    activity = with_sign_up(capacity=1, date=DAY)
    first, second = entered(activity, 2)
    Posting.objects.filter(cadre=first.cadre).update(until=until)
    assert release_leavers(now=EVE) == released
    assert release_leavers(now=EVE) == 0
    states = dict(Registration.objects.values_list("pk", "state"))
    expected = ["cancelled", "registered"] if released else ["registered", "waiting"]
    assert [states[first.pk], states[second.pk]] == expected
    assert Notice.objects.filter(recipient=first.cadre, subject__startswith="您的报名已取消").count() == released


def test_a_closed_account_gives_the_seat_back_without_a_notice():
    activity = with_sign_up(date=DAY)
    [first] = entered(activity, 1)
    Cadre.objects.filter(pk=first.cadre_id).update(is_active=False)
    assert release_leavers(now=EVE) == 1
    assert (Activity.objects.get(pk=activity.pk).seats_taken, Notice.objects.count()) == (0, 0)


def test_a_running_activity_looks_at_today():
    columns = {"until": DAY + timedelta(days=20), "sign_up_until": EVE + timedelta(days=15)}
    activity = with_sign_up(date=DAY, **columns)
    [first] = entered(activity, 1)
    Posting.objects.filter(cadre=first.cadre).update(until=DAY + timedelta(days=4))
    assert release_leavers(now=EVE + timedelta(days=5)) == 0
    assert release_leavers(now=EVE + timedelta(days=6)) == 1


def test_what_is_over_stays_as_it_was():
    activity = with_sign_up(date=DAY)
    [first] = entered(activity, 1)
    Posting.objects.filter(cadre=first.cadre).update(until=DAY)
    assert release_leavers(now=EVE + timedelta(days=3)) == 0


@pytest.mark.at(EVE)
def test_the_clock_wakes_both():
    activity = with_sign_up(capacity=1, date=DAY)
    first, second = entered(activity, 2)
    Posting.objects.filter(cadre=first.cadre).update(until=DAY - timedelta(days=1))
    sign_ups()
    assert told() == [second.cadre_id]
    assert "activities.sign_ups" in {each["task"] for each in app.conf.beat_schedule.values()}
