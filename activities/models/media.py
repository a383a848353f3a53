from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from activities.kinds import PhotographKind
from activities.models.activity import Activity
from activities.models.call import Call
from activities.models.series import Theme
from organization.models import Cadre, StoredPicture, neighbourhood_of, work_scope_of
from organization.roles import Role


class MaterialQuerySet(models.QuerySet["Material"]):
    def in_sight_of(self, viewer: Cadre) -> Self:
        """Of the activities, themes and published calls that the viewer sees; for an office of its own drafts too."""
        near, desk = neighbourhood_of(viewer), work_scope_of(viewer) if viewer.has_role(Role.OFFICE) else None
        rows: dict[str, models.QuerySet[Any]] = {
            "activity": Activity.objects.in_sight_of(viewer, near),
            "theme": Theme.objects.in_neighbourhood(near),
            "call": Call.objects.readable_in(near, desk),
        }
        return self.filter(
            Q(*((f"{owner}__in", seen.order_by().values("pk")) for owner, seen in rows.items()), _connector=Q.OR)
        )


class Material(models.Model):
    """A file that belongs to an activity, a theme or a call: known by its content, handed out as an attachment."""

    title = models.CharField("名称", max_length=100)
    file = models.FileField("文件", max_length=100)
    original_name = models.CharField("原文件名", max_length=100)
    format = models.CharField("格式", max_length=10)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64)
    uploaded_by = models.ForeignKey(Cadre, verbose_name="上传人", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("上传时间")
    activity = models.ForeignKey(
        Activity, verbose_name="活动", null=True, blank=True, on_delete=models.PROTECT, related_name="materials"
    )
    theme = models.ForeignKey(
        Theme, verbose_name="主题阅读", null=True, blank=True, on_delete=models.PROTECT, related_name="materials"
    )
    call = models.ForeignKey(
        Call, verbose_name="征集令", null=True, blank=True, on_delete=models.PROTECT, related_name="materials"
    )

    objects: ClassVar[models.Manager["Material"]] = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "活动材料"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(activity__isnull=False, theme__isnull=True, call__isnull=True)
                | Q(activity__isnull=True, theme__isnull=False, call__isnull=True)
                | Q(activity__isnull=True, theme__isnull=True, call__isnull=False),
                name="material_of_one_thing",
            ),
            # Sent twice, kept once; where one column is empty, the others tell.
            *(
                models.UniqueConstraint(fields=[owner, "sha256"], name=f"material_once_{article}_{owner}")
                for article, owner in (("an", "activity"), ("a", "theme"), ("a", "call"))
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def owner(self) -> Activity | Theme | Call:
        found = self.activity or self.theme or self.call
        assert found is not None
        return found


class PhotographQuerySet(models.QuerySet["Photograph"]):
    def pictures(self) -> Self:
        """Without the sign-in sheets."""
        return self.filter(kind=PhotographKind.PICTURE)


class Photograph(StoredPicture):
    """Of an activity; everybody who sees the activity sees its pictures, only its organisers the sign-in sheets.

    `thumbnail` is the picture drawn small, for pages that show many; where there is none, `file` stands in.
    """

    activity = models.ForeignKey(Activity, verbose_name="活动", on_delete=models.PROTECT, related_name="photographs")
    kind = models.CharField("类别", max_length=10, choices=PhotographKind.choices, default=PhotographKind.PICTURE)
    position = models.PositiveIntegerField("排序号", default=0)
    thumbnail = models.FileField("缩略图", max_length=100, blank=True)
    thumbnail_size = models.PositiveBigIntegerField("缩略图大小（字节）", default=0)
    thumbnail_sha256 = models.CharField("缩略图校验值", max_length=64, blank=True)

    objects: ClassVar[models.Manager["Photograph"]] = PhotographQuerySet.as_manager()

    class Meta(StoredPicture.Meta):
        verbose_name = verbose_name_plural = "活动照片"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PhotographKind.values), name="photograph_kind_known"),
            # Sent twice, kept once.
            models.UniqueConstraint(fields=["activity", "sha256"], name="photograph_once_an_activity"),
        ]
