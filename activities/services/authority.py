"""Who may do what with activities."""

from activities.models import Activity
from organization.models import Cadre, Department, work_scope_of
from organization.roles import Role
from organization.services.roles import NotAllowed


def is_office(person: Cadre) -> bool:
    return person.has_role(Role.OFFICE)


def check_office(person: Cadre) -> None:
    if not is_office(person):
        raise NotAllowed("这项工作由办公室办理。")


def hosts(person: Cadre, department: Department | None) -> bool:
    """Whether the office may have the department hold an activity; without a department the root holds it."""
    scope = work_scope_of(person)
    inside = department is not None and department.pk in scope.departments
    return is_office(person) and (scope.everybody or inside)


def check_hosts(person: Cadre, department: Department | None) -> None:
    if not hosts(person, department):
        raise NotAllowed("这个单位的活动由它的办公室安排，请选择本单位的科室。")


def edits(person: Cadre, activity: Activity) -> bool:
    """The office, for the activities of its scope: what an activity is, when and where."""
    return is_office(person) and Activity.objects.editable_by(person).filter(pk=activity.pk).exists()


def check_edits(person: Cadre, activity: Activity) -> None:
    if not edits(person, activity):
        raise NotAllowed("这项工作由主办单位的办公室办理。")


def runs(person: Cadre, activity: Activity) -> bool:
    """Its organiser and the office that edits it: sign-ups, attendance, minutes, photographs."""
    return activity.organiser_id == person.pk or edits(person, activity)


def check_runs(person: Cadre, activity: Activity) -> None:
    if not runs(person, activity):
        raise NotAllowed("这项工作由活动的组织人或主办单位的办公室办理。")
