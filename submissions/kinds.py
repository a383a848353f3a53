"""The kinds, states and grades of works (assessment rules, sections 3 and 10)."""

from django.db import models


class Kind(models.TextChoices):
    RECITATION = "recitation", "诵读作品"
    ESSAY = "essay", "读书心得"
    RECOMMENDATION = "recommendation", "好书推荐"
    CREATION = "creation", "文艺创作"
    IDEA = "idea", "学以致用"

    @property
    def short(self) -> str:
        """One word for narrow places: 诵读, 心得, 荐书, 创作, 建议."""
        return SHORT[self]


SHORT = {
    Kind.RECITATION: "诵读",
    Kind.ESSAY: "心得",
    Kind.RECOMMENDATION: "荐书",
    Kind.CREATION: "创作",
    Kind.IDEA: "建议",
}


# Several may do these together, and name each other in the form.
COLLECTIVE = frozenset({Kind.RECITATION})


class Grade(models.TextChoices):
    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "良好"
    PASS = "pass", "合格"


class Level(models.TextChoices):
    """Levels of an outside outlet, lowest first."""

    COUNTY = "county", "县级"
    CITY = "city", "市级"
    PROVINCE = "province", "省级及以上"
