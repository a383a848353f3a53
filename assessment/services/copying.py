"""The next version of a scheme."""

from django.db import transaction
from django.db.models import Max

from assessment.models import Period, Quota, Rule, Scheme
from shuxiang.periods import Quarter


def copy_scheme(*, scheme: Scheme, current: Quarter) -> Scheme:
    """A copy with the next version number that takes effect after `current` and every closed or sealed quarter."""
    last_fixed = Period.objects.fixed().filter(code__contains="Q").order_by("-code").first()
    newest = max(current, last_fixed.value) if last_fixed is not None else current
    assert isinstance(newest, Quarter)
    with transaction.atomic():
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
