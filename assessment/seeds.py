"""The default scheme (assessment rules, section 4); called by a migration and by the tests."""

from decimal import Decimal
from typing import Any

FIRST_QUARTER = "1949Q1"

# kind, cycle, required
QUOTAS = [("recitation", "year", 1), ("essay", "quarter", 1), ("recommendation", "year", 1)]

# code, kind, grade, points, quarter cap, year cap
RULES = [
    ("essay.base", "essay", "any", "1.00", "1.00", None),
    ("essay.good", "essay", "good", "1.00", None, "10.00"),
    ("essay.excellent", "essay", "excellent", "2.00", None, "10.00"),
    ("recitation.base", "recitation", "any", "2.00", "2.00", "4.00"),
    ("recitation.good", "recitation", "good", "1.00", None, "10.00"),
    ("recitation.excellent", "recitation", "excellent", "2.00", None, "10.00"),
    ("recommendation.base", "recommendation", "any", "1.00", "1.00", "2.00"),
    ("recommendation.good", "recommendation", "good", "0.50", None, "5.00"),
    ("recommendation.excellent", "recommendation", "excellent", "1.00", None, "5.00"),
    ("creation.excellent", "creation", "excellent", "1.00", None, "4.00"),
    ("idea.adopted", "idea", "any", "3.00", None, "6.00"),
    ("activity.attend", "attendance", "any", "0.50", None, "4.00"),
    ("activity.speak", "speaking", "any", "1.00", None, "4.00"),
    ("plan.completed", "plan", "any", "1.00", None, "1.00"),
    ("publication.county", "publication", "county", "2.00", None, None),
    ("publication.city", "publication", "city", "3.00", None, None),
    ("publication.province", "publication", "province", "5.00", None, None),
]


def seed_default_scheme(scheme_model: Any, quota_model: Any, rule_model: Any) -> None:
    """Makes version 1 where no scheme exists; never touches one that does."""
    if scheme_model.objects.exists():
        return
    scheme = scheme_model.objects.create(version=1, name="书香机关积分方案", effective_from=FIRST_QUARTER)
    quota_model.objects.bulk_create(
        quota_model(scheme=scheme, kind=kind, cycle=cycle, required=required, position=position)
        for position, (kind, cycle, required) in enumerate(QUOTAS)
    )
    rule_model.objects.bulk_create(
        rule_model(
            scheme=scheme,
            code=code,
            kind=kind,
            grade=grade,
            points=Decimal(points),
            quarter_cap=quarter_cap and Decimal(quarter_cap),
            year_cap=year_cap and Decimal(year_cap),
            position=position,
        )
        for position, (code, kind, grade, points, quarter_cap, year_cap) in enumerate(RULES)
    )
