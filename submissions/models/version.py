from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from organization.models import Cadre
from reading.models import Book
from shuxiang.tracking import Tracked
from submissions.models.submission import Submission

if TYPE_CHECKING:
    from submissions.models.attachment import Attachment


class VersionQuerySet(models.QuerySet["Version"]):
    def handed_in(self) -> Self:
        """Without the one that is still being written."""
        return self.filter(is_draft=False)

    def newest(self) -> Self:
        """Of each work the version with the highest number, of those handed in."""
        later = Version.objects.handed_in().filter(submission=OuterRef("submission"), number__gt=OuterRef("number"))
        return self.handed_in().filter(~Exists(later))

    def showcased(self) -> Self:
        """The newest of each work that everybody may see."""
        return self.newest().filter(submission__in=Submission.objects.showcased())

    def readable_by(self, viewer: Cadre) -> Self:
        """Of visible works those handed in; what is still being written only by who writes it."""
        visible, own = Submission.objects.visible_to(viewer), Submission.objects.edited_by(viewer)
        return self.filter(submission__in=visible).filter(Q(is_draft=False) | Q(submission__in=own))


class Version(Tracked):
    """The content of a work as handed in once; a grade binds to the version it judged."""

    submission = models.ForeignKey(Submission, verbose_name="作品", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("版本", default=1)
    is_draft = models.BooleanField("还在写", default=False, db_default=False)
    submitted_at = models.DateTimeField("上报时间", null=True, blank=True)
    title = models.CharField("题目", max_length=200)
    author = models.CharField("原作者", max_length=100, blank=True)
    source = models.CharField("出处", max_length=200, blank=True)
    book_title = models.CharField("书名", max_length=200, blank=True)
    isbn = models.CharField("ISBN", max_length=17, blank=True)
    publisher = models.CharField("出版社", max_length=100, blank=True)
    body = models.TextField("正文", blank=True)
    reason = models.TextField("推荐理由", blank=True)
    summary = models.TextField("内容简介", blank=True)
    source_work = models.ForeignKey(
        Submission, verbose_name="由哪件作品而来", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    book = models.ForeignKey(
        Book, verbose_name="馆藏图书", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    wants_purchase = models.BooleanField("建议单位采购", default=False, db_default=False)

    # Whether its fingerprints are stored (submissions.services.likeness).
    is_printed = models.BooleanField(default=False, db_default=False, editable=False)

    objects: ClassVar[models.Manager["Version"]] = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "作品版本"
        ordering = ["number"]
        indexes = [models.Index(fields=["id"], condition=Q(is_printed=False), name="version_unprinted")]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="version_number_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_number_from_one"),
            models.UniqueConstraint(fields=["submission"], condition=Q(is_draft=True), name="version_one_draft"),
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 版"

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in map(str.strip, self.body.splitlines()) if line]

    @property
    def documents(self) -> "list[Attachment]":
        """Files whose text stands after what was typed, or in its place; cleaned when they came in."""
        return [each for each in self.attachments.all() if each.role == "document" and each.html]

    @property
    def length(self) -> int:
        """Characters of its texts, typed and in its documents, blanks left out."""
        texts = [self.body, self.reason, self.summary, *(each.text for each in self.documents)]
        return sum(not character.isspace() for text in texts for character in text)
