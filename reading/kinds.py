"""The words of the reading room that rows hold."""

from django.db import models


class Source(models.TextChoices):
    """How a copy came in (`来源` of the register of books)."""

    PURCHASE = "purchase", "采购"
    DONATION = "donation", "捐赠"
    TRANSFER = "transfer", "调拨"


class Condition(models.TextChoices):
    GOOD = "good", "完好"
    WORN = "worn", "旧损"
    DAMAGED = "damaged", "破损"


class PlaceKind(models.TextChoices):
    ROOM = "room", "阅览室"
    CORNER = "corner", "图书角"
    SHELF = "shelf", "书架"


class DigitalKind(models.TextChoices):
    EBOOK = "ebook", "电子书"
    AUDIOBOOK = "audiobook", "有声书"
    PLATFORM = "platform", "学习平台"


class LinkState(models.TextChoices):
    UNCHECKED = "unchecked", "未检查"
    ALIVE = "alive", "可打开"
    DEAD = "dead", "打不开"


class ProjectState(models.TextChoices):
    PLANNED = "planned", "计划中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"


class Visibility(models.TextChoices):
    """Who may read a personal plan; its owner chooses."""

    PRIVATE = "private", "只有我自己"
    MENTOR = "mentor", "我和导师"
    DEPARTMENT = "department", "本科室"
    EVERYBODY = "everybody", "全体干部"


class Stage(models.TextChoices):
    """Which side of a facility project a photograph shows."""

    BEFORE = "before", "改造前"
    AFTER = "after", "改造后"
