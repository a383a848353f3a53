from typing import ClassVar

from django.db import models

from submissions.models.version import Version


class Fingerprint(models.Model):
    """A hash of some characters in a row of a version's text (submissions.passages); written once per version."""

    pk = models.CompositePrimaryKey("value", "version")
    value = models.BigIntegerField("指纹")
    version = models.ForeignKey(Version, verbose_name="版本", on_delete=models.CASCADE, related_name="fingerprints")

    objects: ClassVar[models.Manager["Fingerprint"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "文本指纹"
