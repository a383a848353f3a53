"""Words and choices of the activities: categories, patterns of series, parts that people take, kinds of questions."""

from django.db import models

READING_DAY, SHARING, READING_MONTH = "职工读书日", "读书分享会", "读书月"
BOOK_DAY, READING_WEEK = "世界读书日", "全民阅读活动周"
PARTY_DAY, NATIONAL_DAY = "建党节读书活动", "国庆节读书活动"
LECTURE, PUBLIC_READING = "学习大讲堂", "传齐读书会"
SEMINAR, CASE_ANALYSIS = "专题研讨会", "案例分析会"
KICK_OFF, TALK, PROGRESS_MEETING = "启动仪式", "座谈会", "推进会"
# What the forms offer for 类型; registers and the office may write others.
CATEGORIES = (
    READING_DAY, SHARING, READING_MONTH, BOOK_DAY, READING_WEEK, PARTY_DAY, NATIONAL_DAY, LECTURE, PUBLIC_READING,
    SEMINAR, CASE_ANALYSIS, KICK_OFF, TALK, PROGRESS_MEETING,
)  # fmt: skip


class Pattern(models.TextChoices):
    """On which days the activities of a series fall."""

    READING_DAY = "reading_day", "每月最后一周的星期六"
    MONTHLY = "monthly", "每月"
    QUARTERLY = "quarterly", "每季度"
    YEARLY = "yearly", "每年固定日期"
    READING_WEEK = "reading_week", "四月第四周"


class LastWeek(models.TextChoices):
    """Which Saturday is that of a month's last week; the two differ when the month ends on a Saturday."""

    LAST_SATURDAY = "last_saturday", "当月最后一个星期六"
    WHOLE_WEEK = "whole_week", "当月最后一个完整周（周一至周日）的星期六"


class DayType(models.TextChoices):
    """On which days an activity of a series may be held, as the holiday table tells (调休)."""

    ANY = "any", "不限"
    REST = "rest", "休息日"
    WORK = "work", "工作日"


class Shift(models.TextChoices):
    """Where an activity goes whose day is of the wrong type."""

    EARLIER = "earlier", "提前"
    LATER = "later", "顺延"


class SignUp(models.TextChoices):
    NONE = "none", "不用报名"
    OPEN = "open", "要报名"


class Part(models.TextChoices):
    """What a named person does at an activity."""

    LECTURER = "lecturer", "主讲"
    LEAD = "lead", "领读"
    HOST = "host", "主持"
    GUEST = "guest", "嘉宾"


class PhotographKind(models.TextChoices):
    PICTURE = "picture", "现场照片"
    SHEET = "sheet", "签到表"


class WorkKind(models.TextChoices):
    """What a call may ask for; the works stand a floor above, and a test holds both lists together."""

    RECITATION = "recitation", "诵读作品"
    ESSAY = "essay", "读书心得"
    RECOMMENDATION = "recommendation", "好书推荐"
    CREATION = "creation", "文艺创作"
    IDEA = "idea", "学以致用"


class QuestionKind(models.TextChoices):
    SINGLE = "single", "单选"
    MULTIPLE = "multiple", "多选"
    SCALE = "scale", "评分"
    TEXT = "text", "填空"
    MATRIX = "matrix", "表格单选"


class FeedbackKind(models.TextChoices):
    SUGGESTION = "suggestion", "建议"
    COMPLAINT = "complaint", "投诉"
    PROBLEM = "problem", "问题反映"


class Warned(models.IntegerChoices):
    """How far reminders of a date have gone, each sent once."""

    NO = 0, "未提醒"
    TOLD = 1, "已告知"
    SOON = 2, "临期已提醒"
    LATE = 3, "逾期已提醒"


class Tag(models.TextChoices):
    """三位一体: one record, three views."""

    OFFICE = "for_office", "机关"
    BRANCH = "for_branch", "支部"
    UNION = "for_union", "工会"
