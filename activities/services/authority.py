"""Who may do what with activities."""

from activities.models import Activity, Series
from organization.models import Cadre
from organization.roles import Role
from organization.services.roles import NotAllowed


def is_office(person: Cadre) -> bool:
    return person.has_role(Role.OFFICE)


def check_office(person: Cadre) -> None:
    if not is_office(person):
        raise NotAllowed("这项工作由办公室办理。")


def edits(person: Cadre, activity: Activity) -> bool:
    """The office, for the activities of its scope: what an activity is, when and where."""
    return is_office(person) and Activity.objects.editable_by(person).filter(pk=activity.pk).exists()


def runs(person: Cadre, activity: Activity) -> bool:
    """Its organiser and the office that edits it: sign-ups, attendance, minutes, photographs."""
    return activity.organiser_id == person.pk or edits(person, activity)


def check_runs(person: Cadre, activity: Activity) -> None:
    if not runs(person, activity):
        raise NotAllowed("这项工作由活动的组织人或主办单位的办公室办理。")


def edits_series(person: Cadre, series: Series) -> bool:
    """The office, for the series of its scope."""
    return is_office(person) and Series.objects.editable_by(person).filter(pk=series.pk).exists()


def check_edits_series(person: Cadre, series: Series) -> None:
    if not edits_series(person, series):
        raise NotAllowed("这个系列由主办单位的办公室安排。")
