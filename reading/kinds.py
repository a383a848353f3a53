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


# 中图法 (中国图书馆分类法) by the letter with which a class begins.
CLC_CLASSES = {
    "A": "马列主义、毛泽东思想、邓小平理论",
    "B": "哲学、宗教",
    "C": "社会科学总论",
    "D": "政治、法律",
    "E": "军事",
    "F": "经济",
    "G": "文化、科学、教育、体育",
    "H": "语言、文字",
    "I": "文学",
    "J": "艺术",
    "K": "历史、地理",
    "N": "自然科学总论",
    "O": "数理科学和化学",
    "P": "天文学、地球科学",
    "Q": "生物科学",
    "R": "医药、卫生",
    "S": "农业科学",
    "T": "工业技术",
    "U": "交通运输",
    "V": "航空、航天",
    "X": "环境科学、安全科学",
    "Z": "综合性图书",
}
