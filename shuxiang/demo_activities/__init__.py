"""The demo's activities: holidays, series, sign-ups, minutes, themes, calls, questionnaires, the box, meetings.

Of the register of attendance, the catalogue and the works that are there. Each part is all or nothing and is done once:
an interrupted start goes on, a second one changes nothing.
"""

from datetime import datetime

from activities.kinds import PROGRESS_MEETING
from activities.models import Activity, Call, Feedback, Questionnaire, Registration, SeriesEvent, Theme
from organization.models import Holiday
from shuxiang.demo_activities.box import fill_box
from shuxiang.demo_activities.campaigns import call_for_works, set_theme
from shuxiang.demo_activities.coming import announce
from shuxiang.demo_activities.meetings import meet
from shuxiang.demo_activities.outcomes import hand_out, show_pictures, write_minutes
from shuxiang.demo_activities.recurring import know_holidays, run_series
from shuxiang.demo_activities.surveys import ask_everybody, ask_who_came
from shuxiang.demo_reading import Part, once
from shuxiang.demo_reading.moments import Office

PARTS: tuple[Part, ...] = (
    (Holiday.objects, know_holidays),
    (SeriesEvent.objects, run_series),
    (Activity.objects.exclude(minutes="").exclude(category=PROGRESS_MEETING), write_minutes),
    (Registration.objects, announce),
    (Theme.objects, set_theme),
    (Call.objects, call_for_works),
    (Questionnaire.objects.baselines(), ask_everybody),
    (Questionnaire.objects.filter(activity__isnull=False), ask_who_came),
    (Feedback.objects, fill_box),
    (Activity.objects.filter(category=PROGRESS_MEETING), meet),
)


def arrange_activities(*, now: datetime) -> None:
    """What is handed out is kept one by one, and the pictures are drawn so."""
    office = Office.at_work(now)
    for part in PARTS:
        once(part, office)
    hand_out(office)
    show_pictures(office)


__all__ = ["arrange_activities"]
