import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from organization.models import Cadre
from shuxiang.tracking import Tracked
from shuxiang.uploads import random_name
from submissions.models.version import Version


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, viewer: Cadre) -> Self:
        return self.filter(version__in=Version.objects.readable_by(viewer))

    def shown_to(self, viewer: Cadre) -> Self:
        """Beside those the recordings and pictures of the showcase, which are everybody's in their place."""
        shown = Q(version__in=Version.objects.showcased()) & ~Q(role=Attachment.Role.DOCUMENT)
        return self.filter(shown | Q(version__in=Version.objects.readable_by(viewer)))

    def light(self) -> Self:
        """For lists: without what only the file's own place shows."""
        return self.defer("html", "text", "peaks")

    def waiting(self) -> Self:
        return self.filter(state=Attachment.State.PROCESSING)


class Attachment(Tracked):
    """A file of a version, stored under a random name; reached only through the media views.

    `file` is the original, for author and office. Everybody else gets what was made of it: the `rendition` of a
    recording or a picture, the `html` of a document.
    """

    class Role(models.TextChoices):
        AUDIO = "audio", "录音"
        DOCUMENT = "document", "文档"
        COVER = "cover", "封面"
        PICTURE = "picture", "图片"

    class State(models.TextChoices):
        PROCESSING = "processing", "处理中"
        READY = "ready", "可用"
        FAILED = "failed", "未能处理"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(Version, verbose_name="版本", on_delete=models.PROTECT, related_name="attachments")
    role = models.CharField("用途", max_length=10, choices=Role.choices)
    file = models.FileField("文件", upload_to=random_name, max_length=100)
    original_name = models.CharField("原文件名", max_length=100)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64)
    uploaded_by = models.ForeignKey(
        Cadre, verbose_name="上传人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROCESSING, db_index=True)
    attempts = models.PositiveSmallIntegerField("处理次数", default=0)
    message = models.CharField("未能处理的原因", max_length=200, blank=True)
    notice = models.CharField("提示", max_length=200, blank=True)
    rendition = models.FileField("展示文件", upload_to=random_name, max_length=100, blank=True)
    rendition_size = models.PositiveBigIntegerField("展示文件大小（字节）", null=True, blank=True)
    rendition_sha256 = models.CharField("展示文件校验值", max_length=64, blank=True)
    duration_ms = models.PositiveIntegerField("时长（毫秒）", null=True, blank=True)
    peaks = models.JSONField("波形", default=list, blank=True)
    width = models.PositiveIntegerField("宽（像素）", null=True, blank=True)
    height = models.PositiveIntegerField("高（像素）", null=True, blank=True)
    html = models.TextField("文档内容", blank=True)
    text = models.TextField("文档文字", blank=True)

    objects: ClassVar[models.Manager["Attachment"]] = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        constraints = [
            models.UniqueConstraint(fields=["version", "role"], name="attachment_one_per_role"),
            models.CheckConstraint(
                condition=Q(state__in=["processing", "ready", "failed"]), name="attachment_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def stored_names(self) -> list[str]:
        """The files that the row needs; versions share what was not uploaded again."""
        return [each.name for each in (self.file, self.rendition) if each.name]
