"""The kinds of facts that can earn, their Chinese names and grades (assessment rules, sections 3 and 4)."""

from django.db import models

from submissions.kinds import Grade, Kind, Level


class FactKind(models.TextChoices):
    RECITATION = Kind.RECITATION.value, Kind.RECITATION.label
    ESSAY = Kind.ESSAY.value, Kind.ESSAY.label
    RECOMMENDATION = Kind.RECOMMENDATION.value, Kind.RECOMMENDATION.label
    CREATION = Kind.CREATION.value, Kind.CREATION.label
    IDEA = Kind.IDEA.value, Kind.IDEA.label
    ATTENDANCE = "attendance", "参加活动"
    SPEAKING = "speaking", "主讲领读"
    PLAN = "plan", "完成阅读计划"
    PUBLICATION = "publication", "外部刊发"


BY_LABEL = {kind.label: kind for kind in FactKind}
"""A period's snapshot names kinds as people read them."""
ANY_GRADE = "any"
GRADES = {ANY_GRADE: "不分评级", **dict(Grade.choices), **dict(Level.choices)}


def grades_of(kind: str) -> frozenset[str]:
    """The grades that a rule of this kind may name, `any` included."""
    if kind in Kind.values:
        return frozenset({ANY_GRADE, *Grade.values})
    if kind == FactKind.PUBLICATION:
        return frozenset({ANY_GRADE, *Level.values})
    return frozenset({ANY_GRADE})
