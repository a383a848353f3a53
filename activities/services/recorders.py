"""Who records whose attendance: the office in whose scope the person was on the day, and who runs the activity, for
those in service on the day whom it concerns or who are named on it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from activities.models import Activity, Registration, Speaker
from activities.services.authority import runs, within
from organization.models import Cadre, Posting, Standpoint, Tree
from organization.roles import Role
from organization.services.roles import NotAllowed
from shuxiang.periods import written


@dataclass(frozen=True)
class Reach:
    """Departments whose people of the activity's day somebody records, and with `named` whoever is named on it (see
    `named_at`), posted elsewhere meanwhile; or `everybody`, those not in service too."""

    departments: frozenset[int] = field(default_factory=frozenset)
    named: bool = False
    everybody: bool = False

    def covers(self, department: int | None, *, is_named: bool) -> bool:
        """`department` is where the person was posted on the day, None for nowhere."""
        return self.everybody or department in self.departments or (self.named and is_named)

    @property
    def is_empty(self) -> bool:
        return not (self.everybody or self.named or self.departments)


def reach_of(recorder: Cadre, activity: Activity, standpoint: Standpoint | None = None) -> Reach:
    """`standpoint` is the recorder's, where it is known already."""
    standpoint = standpoint or Standpoint(recorder, timezone.localdate())
    scope, departments = standpoint.work_scope, frozenset[int]()
    if recorder.has_role(Role.OFFICE):
        if scope.everybody:
            return Reach(everybody=True)
        departments = frozenset(scope.departments)
    if runs(recorder, activity, scope):
        return Reach(departments | audience_of(activity, standpoint.tree), named=True)
    return Reach(departments)


def named_at(activity: Activity, cadres: Iterable[int]) -> frozenset[int]:
    """Who of them speaks at the activity or has a seat; one query."""
    rows = (Registration.objects.registered(), Speaker.objects.all())
    speaks_or_sits = (Exists(each.filter(activity=activity, cadre=OuterRef("pk"))) for each in rows)
    found = Cadre.objects.filter(Q(*speaks_or_sits, _connector=Q.OR), pk__in=list(cadres))
    return frozenset(found.values_list("pk", flat=True))


def audience_of(activity: Activity, tree: Tree) -> frozenset[int]:
    """The departments whose people see the activity for its host: that side of `in_sight_of` seen from here."""
    host = activity.department_id
    if host is None:
        return frozenset(tree.nodes)
    above = {node.id for node in tree.ancestors(host)}
    return frozenset(
        id
        for id in tree.nodes
        if (agency := tree.agency(id)) in above or host in {node.id for node in tree.ancestors(agency)}
    )


def opens_the_roll(person: Cadre, activity: Activity, standpoint: Standpoint) -> bool:
    """Who may look at its attendance at all, from the own standpoint: the organiser, and an office that it concerns by
    its host; taking part alone opens nothing. Whom they record, `reach_of` says."""
    host = activity.department_id
    concerned = person.has_role(Role.OFFICE) and (host is None or within(standpoint.neighbourhood, host))
    return activity.organiser_id == person.pk or concerned


def check_recorder(*, activity: Activity, cadre: Cadre, recorder: Cadre) -> None:
    """Raises NotAllowed; nobody records the own person."""
    if cadre.pk == recorder.pk:
        raise NotAllowed(own_of(recorder))
    posted = Posting.objects.filter(cadre=cadre).covering(activity.date).values_list("department", flat=True).first()
    is_named = cadre.pk in named_at(activity, [cadre.pk])
    if not reach_of(recorder, activity).covers(posted, is_named=is_named):
        raise NotAllowed(out_of_reach(activity, cadre))


def own_of(recorder: Cadre) -> str:
    if recorder.has_role(Role.OFFICE):
        return "不能登记自己的活动签到，请由另一位同事登记。"
    return "您自己的签到请由办公室登记。"


def out_of_reach(activity: Activity, cadre: Cadre) -> str:
    return f"{cadre} 在 {written(activity.date)}不在本单位，请由当时所在单位的办公室登记。"
