from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from shuxiang.tracking import Tracked
from submissions.states import NEEDS_REASON, Action


class ReasonTemplateQuerySet(models.QuerySet["ReasonTemplate"]):
    def offered(self) -> Self:
        return self.filter(is_offered=True)


class ReasonTemplate(Tracked):
    """A sentence that the office often writes; at the desk it is the beginning of a reason, not the reason itself."""

    ACTIONS = [(action.value, action.label) for action in Action if action in NEEDS_REASON]

    name = models.CharField("名称", max_length=30, help_text="在审阅台的下拉框里这样显示，例如“请写自己的话”。")
    action = models.CharField("用于", max_length=10, choices=ACTIONS, default=Action.RETURN)
    text = models.TextField("内容", max_length=500, help_text="填进“意见或理由”，可以再改。")
    position = models.PositiveSmallIntegerField("排序号", default=0)
    is_offered = models.BooleanField("启用", default=True)

    objects: ClassVar[models.Manager["ReasonTemplate"]] = ReasonTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "理由模板"
        ordering = ["action", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "name"],
                name="reason_template_named_once",
                violation_error_message="同一种办理已有同名的模板，请换一个名称。",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(text=""), name="reason_template_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name
