"""Who may do what with activities."""

from activities.models import Activity, Call, Series, Theme
from organization.models import Cadre, Department, Scope, work_scope_of
from organization.roles import Role
from organization.services.roles import NotAllowed


def is_office(person: Cadre) -> bool:
    return person.has_role(Role.OFFICE)


def check_office(person: Cadre) -> None:
    if not is_office(person):
        raise NotAllowed("这项工作由办公室办理。")


def hosts(person: Cadre, department: Department | None, scope: Scope | None = None) -> bool:
    """Whether the person is of an office that runs what the department hosts; without one the root does. `scope` is
    the person's, where it is known already."""
    place = department.pk if department is not None else None
    return is_office(person) and within(scope or work_scope_of(person), place)


def within(scope: Scope, department: int | None) -> bool:
    return scope.everybody or department in scope.departments


def check_hosts(person: Cadre, department: Department | None) -> None:
    if not hosts(person, department):
        raise NotAllowed("这项工作由主办单位的办公室办理，请选择本单位的科室。")


def edits(person: Cadre, activity: Activity, scope: Scope | None = None) -> bool:
    """The office, for the activities of its scope: what an activity is, when and where. `scope` is the person's, where
    it is known already."""
    return is_office(person) and within(scope or work_scope_of(person), activity.department_id)


def check_edits(person: Cadre, activity: Activity) -> None:
    if not edits(person, activity):
        raise NotAllowed("这项工作由主办单位的办公室办理。")


def runs(person: Cadre, activity: Activity, scope: Scope | None = None) -> bool:
    """Its organiser and the office that edits it: sign-ups, attendance, minutes, photographs."""
    return activity.organiser_id == person.pk or edits(person, activity, scope)


def check_runs(person: Cadre, activity: Activity) -> None:
    if not runs(person, activity):
        raise NotAllowed("这项工作由活动的组织人或主办单位的办公室办理。")


def keeps_materials(person: Cadre, owner: Activity | Theme | Call, scope: Scope | None = None) -> bool:
    """Who runs the activity; of themes and calls the office that hosts them."""
    return runs(person, owner, scope) if isinstance(owner, Activity) else hosts(person, owner.department, scope)


def check_keeps_materials(person: Cadre, owner: Activity | Theme | Call) -> None:
    if not keeps_materials(person, owner):
        raise NotAllowed("材料由活动的组织人或办公室管理。")


def edits_series(person: Cadre, series: Series, scope: Scope | None = None) -> bool:
    """The office, for the series of its scope; `scope` is the person's, where it is known already."""
    return is_office(person) and within(scope or work_scope_of(person), series.department_id)


def check_edits_series(person: Cadre, series: Series) -> None:
    if not edits_series(person, series):
        raise NotAllowed("这个系列由主办单位的办公室安排。")
