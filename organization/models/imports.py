import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from organization.models.cadre import Cadre
from shuxiang.tracking import Tracked
from shuxiang.uploads import random_name


class RegisterImport(Tracked):
    """A register that somebody uploaded at the desk, from the preview on; kept as evidence once it is applied.

    `preview` is what the last look at it found, for people (see `organization.services.preview`); `digest` tells
    whether another look finds the same.
    """

    class State(models.TextChoices):
        PREVIEWED = "previewed", "待确认"
        APPLIED = "applied", "已导入"
        DISCARDED = "discarded", "已放弃"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("登记表", max_length=20)
    state = models.CharField("结果", max_length=10, choices=State.choices, default=State.PREVIEWED)
    original_name = models.CharField("文件名", max_length=100)
    file = models.FileField("文件", upload_to=random_name, max_length=100, blank=True)
    refused_file = models.FileField("退回的行", upload_to=random_name, max_length=100, blank=True)
    uploaded_by = models.ForeignKey(
        Cadre, verbose_name="上传人", on_delete=models.PROTECT, related_name="register_imports"
    )
    decided_by = models.ForeignKey(
        Cadre, verbose_name="办理人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("办理时间", null=True, blank=True)
    preview: Any = models.JSONField("变化", default=dict)
    digest = models.CharField("预览校验值", max_length=64)

    objects: ClassVar[models.Manager["RegisterImport"]]

    class Meta:
        verbose_name = verbose_name_plural = "登记表导入"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="previewed", decided_at__isnull=True)
                | Q(state__in=["applied", "discarded"], decided_at__isnull=False),
                name="register_import_decided_with_time",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PREVIEWED
