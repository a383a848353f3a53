"""The demo's activities: as a stranger would believe them, on any day on which the demo is started."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.db.models import Count, F
from django.utils import timezone

from activities.kinds import PROGRESS_MEETING, READING_DAY, SHARING
from activities.models import (
    Activity,
    ActivityEvent,
    AnswerSheet,
    Call,
    Commitment,
    Feedback,
    FeedbackEvent,
    Finding,
    FindingEvent,
    Material,
    Photograph,
    Questionnaire,
    QuestionnaireEvent,
    Registration,
    RegistrationEvent,
    Series,
    Theme,
)
from activities.services.gauges import gauges
from activities.services.ledger import ledger_of
from activities.states import ActivityState, CallState, FeedbackState, QuestionnaireState, RegistrationState
from organization.models import Tree
from organization.services.workdays import Workdays
from shuxiang import demo_activities
from shuxiang.demo import DEMO_AGENCY, write_registers
from shuxiang.demo_activities import PARTS, arrange_activities
from shuxiang.demo_reading import furnish_reading_room
from shuxiang.demonstration import hand_in_manuscripts
from shuxiang.periods import SHANGHAI
from shuxiang.tests.registers import run
from shuxiang.tests.test_demo_reading import MOMENTS

pytestmark = pytest.mark.django_db


@pytest.fixture(params=MOMENTS[:1])
def moment(request, settings, tmp_path):
    """With what the demo has before its activities."""
    settings.MEDIA_ROOT = tmp_path / "media"
    moment = datetime.fromisoformat(request.param).replace(tzinfo=SHANGHAI)
    with time_machine.travel(moment, tick=False):
        files = write_registers(tmp_path, timezone.localdate())
        run("import_roster", files.roster, agency=DEMO_AGENCY)
        run("import_attendance", files.attendance)
        furnish_reading_room(now=moment)
        run("import_books", files.books)
        hand_in_manuscripts(now=moment)
        yield moment


@pytest.fixture
def now(moment):
    arrange_activities(now=moment)
    return moment


def stored() -> dict[str, list]:
    models = apps.get_app_config("activities").get_models()
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}


def states_of(rows) -> set[str]:
    return set(rows.values_list("state", flat=True))


@pytest.mark.parametrize("moment", MOMENTS, indirect=True)
def test_activities_that_one_would_believe(now):
    today = now.date()
    announced = Activity.objects.exclude(registrations=None).exclude(state=ActivityState.CANCELLED)
    assert announced.filter(date__gt=today, state=ActivityState.SCHEDULED).count() == 3
    full = announced.get(title__contains="边城")
    assert (full.seats_taken, full.capacity) == (12, 12)
    assert full.registrations.filter(state=RegistrationState.WAITING).count() == 3
    soon = announced.order_by("date").first()
    assert today + timedelta(days=3) <= soon.date
    assert soon.seats_taken == 11
    assert Activity.objects.get(state=ActivityState.CANCELLED).events.latest("pk").reason != ""
    assert Activity.objects.held().exclude(minutes="").count() == 5
    assert (Photograph.objects.count(), Material.objects.count()) == (5, 2)
    theme = Theme.objects.get()
    assert theme.since < today < theme.until
    assert (theme.books.count(), theme.books.filter(book__isnull=True).count(), theme.activities.count()) == (6, 1, 3)
    calls = Call.objects.annotate(works=Count("submissions")).values_list("state", "works").order_by("pk")
    assert list(calls) == [(CallState.CLOSED, 3), (CallState.OPEN, 5)]
    assert {state.value for state in FeedbackState} == states_of(Feedback.objects.all())
    assert [Feedback.objects.filter(author=None).count(), Feedback.objects.exclude(author=None).count()] == [4, 4]
    assert Feedback.objects.overdue(today).count() == 0
    the_questionnaires_are_answered(today)
    the_problems_are_carried_over()
    the_series_go_on(today)
    nothing_is_told_later_than_now(now)


def the_questionnaires_are_answered(today):
    baseline, running = Questionnaire.objects.issued().order_by("pk")
    assert (baseline.state, baseline.sheets.count()) == (QuestionnaireState.CLOSED, 23)
    assert (running.state, running.sheets.count()) == (QuestionnaireState.OPEN, 4)
    assert running.until > today
    assert running.invitations.count() >= 9
    assert baseline.findings.count() == 3
    assert [finding.lacks for finding in baseline.findings.all()] == [[], [], []]
    for sheet in AnswerSheet.objects.select_related("questionnaire"):
        required = sheet.questionnaire.questions.filter(is_required=True)
        assert {str(question.pk) for question in required} <= set(sheet.content)


def the_problems_are_carried_over():
    meetings = list(Activity.objects.filter(category=PROGRESS_MEETING).order_by("date"))
    states = [ActivityState.HELD, ActivityState.HELD, ActivityState.SCHEDULED]
    assert [meeting.state for meeting in meetings] == states
    before, agenda = ledger_of(meetings[1]), ledger_of(meetings[2])
    assert [len(before.new), sum(bool(row.note) for row in before.open)] == [1, 3]
    assert max(row.carried for row in agenda.open) == 2
    assert {row.finding.state for row in agenda.open} == {"open"}
    assert Finding.objects.open().lacking().exists()


def the_series_go_on(today):
    """No month has two reading days, no quarter two sessions."""
    assert Series.objects.count() == 7
    for category, months in ((READING_DAY, 1), (SHARING, 3)):
        days = Activity.objects.filter(category=category).values_list("date", flat=True)
        parts = [(day.year, (day.month - 1) // months) for day in days]
        assert len(parts) == len(set(parts))
        assert max(days) > today or today.month == 12
    for title in ("职工读书日", "读书分享会"):
        of_year = Activity.objects.held().filter(category=title, date__year=today.year)
        assert not of_year.exclude(series__title=title).exists()
    found = gauges(today.year, Tree.load().root.id, Tree.load(), today)
    assert len(found) == Commitment.objects.count() == 3
    assert [gauge.planned for gauge in found] == [12, 4, 2]


def nothing_is_told_later_than_now(now):
    for model in (ActivityEvent, RegistrationEvent, QuestionnaireEvent, FindingEvent):
        assert not model.objects.filter(at__gt=now).exists()
    assert not FeedbackEvent.objects.filter(day__gt=now.date()).exists()
    assert not Activity.objects.held().filter(date__gt=now.date()).exists()
    late = Registration.objects.filter(queued_at__lt=F("activity__events__at"), activity__events__action="schedule")
    assert not late.exists()
    workdays = Workdays.load(now.date())
    planned = Activity.objects.filter(series=None, date__gt=now.date())
    assert all(workdays.is_workday(activity.date) for activity in planned)


def test_a_second_start_changes_nothing(now, settings):
    before = stored()
    files = sorted(settings.MEDIA_ROOT.rglob("*"))
    with time_machine.travel(now + timedelta(days=3), tick=False):
        arrange_activities(now=now + timedelta(days=3))
    assert stored() == before
    assert sorted(settings.MEDIA_ROOT.rglob("*")) == files


def test_a_start_that_was_interrupted_goes_on(moment, monkeypatch):
    """What an uninterrupted one makes is made in the end, and nothing twice."""
    for done in range(3, len(PARTS) + 1):  # the pictures belong to what the third part writes about
        monkeypatch.setattr(demo_activities, "PARTS", PARTS[:done])
        arrange_activities(now=moment)
    Photograph.objects.last().delete()
    arrange_activities(now=moment)
    test_activities_that_one_would_believe(moment)
