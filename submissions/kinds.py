"""The kinds, states and grades of works (assessment rules, sections 3 and 10)."""

from django.db import models


class Kind(models.TextChoices):
    RECITATION = "recitation", "诵读作品"
    ESSAY = "essay", "读书心得"
    RECOMMENDATION = "recommendation", "好书推荐"
    CREATION = "creation", "文艺创作"
    IDEA = "idea", "学以致用"


class Grade(models.TextChoices):
    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "良好"
    PASS = "pass", "合格"


class Level(models.TextChoices):
    """Levels of an outside outlet, lowest first."""

    COUNTY = "county", "县级"
    CITY = "city", "市级"
    PROVINCE = "province", "省级及以上"
