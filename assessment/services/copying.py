"""The next version of a scheme."""

from django.db import transaction
from django.db.models import Max

from assessment.models import Period, Quota, Rule, Scheme
from organization.models import Cadre, work_scope_of
from organization.roles import Role
from organization.services.roles import NotAllowed
from shuxiang.periods import Quarter, parse_quarter


def copy_scheme(*, scheme: Scheme, current: Quarter, actor: Cadre | None = None) -> Scheme:
    """A copy with the next version number, in force after `current`, every fixed quarter and every scheme's start.

    Commands on the server pass no actor; raises NotAllowed where the actor is not of the root's office.
    """
    if actor is not None and not (actor.has_role(Role.OFFICE) and work_scope_of(actor).everybody):
        raise NotAllowed("只有根单位的办公室能复制方案。")
    with transaction.atomic():
        # One copy at a time: the oldest scheme, which is always there, stands for the list.
        Scheme.objects.select_for_update().order_by("version").first()
        newest = newest_taken(current)
        highest = Scheme.objects.aggregate(Max("version"))["version__max"]
        copy = Scheme.objects.create(
            version=highest + 1,
            name=scheme.name,
            effective_from=str(newest.following),
            grace_days=scheme.grace_days,
            late_factor=scheme.late_factor,
            ranks_for_everybody=scheme.ranks_for_everybody,
            note=scheme.note,
        )
        Quota.objects.bulk_create(
            Quota(scheme=copy, kind=quota.kind, cycle=quota.cycle, required=quota.required, position=quota.position)
            for quota in scheme.quotas.all()
        )
        Rule.objects.bulk_create(
            Rule(
                scheme=copy,
                code=rule.code,
                kind=rule.kind,
                grade=rule.grade,
                points=rule.points,
                quarter_cap=rule.quarter_cap,
                year_cap=rule.year_cap,
                position=rule.position,
            )
            for rule in scheme.rules.all()
        )
    return copy


def newest_taken(current: Quarter) -> Quarter:
    """The latest quarter that a new scheme cannot start in."""
    taken = [current]
    taken += [
        parse_quarter(code) for code in Period.objects.fixed().filter(code__contains="Q").values_list("code", flat=True)
    ]
    taken += [parse_quarter(start) for start in Scheme.objects.values_list("effective_from", flat=True)]
    return max(taken)
