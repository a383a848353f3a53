from datetime import date, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from reading.kinds import DigitalKind, LinkState
from reading.models.catalogue import SubjectArea
from shuxiang.ordering import SortKeyField
from shuxiang.searches import words_of
from shuxiang.tracking import Tracked

# So long before its end a licence is shown in ochre, and the librarians are told.
ENDS_SOON = timedelta(days=30)


class DigitalResourceQuerySet(models.QuerySet["DigitalResource"]):
    def offered(self, today: date) -> Self:
        """What readers see: in use and licensed."""
        return self.filter(Q(licence_until__isnull=True) | Q(licence_until__gte=today), is_closed=False)

    def linked(self) -> Self:
        return self.exclude(link="").filter(is_closed=False)

    def in_need_of(self, care: str, today: date) -> Self:
        """What a librarian has to look after: `ending` or `ended` licences, `closed` ones, `dead` links."""
        if care == "closed":
            return self.filter(is_closed=True)
        if care == "dead":
            return self.linked().filter(link_state=LinkState.DEAD)
        if care == "ending":
            return self.filter(licence_until__range=(today, today + ENDS_SOON), is_closed=False)
        return self.filter(licence_until__lt=today)

    def search(self, text: str) -> Self:
        """Those that hold every word somewhere; none where the text has no word at all."""
        words = words_of(text)
        found = self if words else self.none()
        for word in words:
            found = found.filter(search_text__contains=word)
        return found


class DigitalResource(Tracked):
    """An e-book, an audiobook or a platform: a link or a file of our own, with its licence."""

    title = models.CharField("名称", max_length=200)
    kind = models.CharField("类别", max_length=10, choices=DigitalKind.choices)
    area = models.ForeignKey(
        SubjectArea, verbose_name="主题类别", null=True, blank=True, on_delete=models.PROTECT, related_name="digital"
    )
    author = models.CharField("作者", max_length=200, blank=True)
    description = models.TextField("简介", blank=True)
    format = models.CharField("格式", max_length=30, blank=True, help_text="如 PDF、EPUB、MP3、网页。")
    link = models.CharField("网址", max_length=500, blank=True)
    login_hint = models.CharField("登录说明", max_length=300, blank=True, help_text="怎样登录，不写密码。")
    licence_until = models.DateField("授权到期", null=True, blank=True, help_text="留空表示长期有效。")
    is_closed = models.BooleanField("停用", default=False)
    file = models.FileField("文件", max_length=100, blank=True)
    original_name = models.CharField("原文件名", max_length=100, blank=True)
    size = models.PositiveBigIntegerField("大小（字节）", null=True, blank=True)
    sha256 = models.CharField("校验值", max_length=64, blank=True)
    link_state = models.CharField(
        "链接状态", max_length=10, choices=LinkState.choices, default=LinkState.UNCHECKED, editable=False
    )
    link_checked_at = models.DateTimeField("检查时间", null=True, blank=True, editable=False)
    link_message = models.CharField("检查结果", max_length=200, blank=True, editable=False)
    # Of which licence end the librarians were told: that day before it comes, the day after once it has passed.
    warned_until = models.DateField(null=True, blank=True, editable=False)

    # What the page searches in and is ordered by (reading.services.digital).
    search_text = models.TextField(blank=True, editable=False, default="", db_default="")
    sort_key = SortKeyField()

    objects: ClassVar[models.Manager["DigitalResource"]] = DigitalResourceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "数字资源"
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="digital_title_not_empty"),
            models.CheckConstraint(condition=Q(kind__in=DigitalKind.values), name="digital_kind_known"),
            models.CheckConstraint(
                condition=(~Q(link="") & Q(file="")) | (Q(link="") & ~Q(file="")),
                name="digital_link_or_file",
                violation_error_message="请填写网址，或上传文件，二者选一。",
            ),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__startswith="https://") | Q(link__startswith="http://"),
                name="digital_link_is_of_the_web",
                violation_error_message="网址要以 http:// 或 https:// 开头。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def has_ended(self, today: date) -> bool:
        return self.licence_until is not None and self.licence_until < today

    def ends_soon(self, today: date) -> bool:
        return self.licence_until is not None and today <= self.licence_until <= today + ENDS_SOON
