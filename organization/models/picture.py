from django.db import models

from organization.models.cadre import Cadre


class StoredPicture(models.Model):
    """A picture that was drawn anew when it came in (organization.services.pictures); a model of it says of what."""

    file = models.FileField("文件", max_length=100)
    original_name = models.CharField("原文件名", max_length=100)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64)
    width = models.PositiveIntegerField("宽（像素）")
    height = models.PositiveIntegerField("高（像素）")
    caption = models.CharField("说明", max_length=100, blank=True)
    uploaded_by = models.ForeignKey(Cadre, verbose_name="上传人", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("上传时间")

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return self.caption or self.original_name
