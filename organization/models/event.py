from django.db import models

from organization.models.cadre import Cadre


class Event(models.Model):
    """What somebody decided or did: who, when, from, to, why. Written with the change itself, never edited.

    `actor` is None for a command on the server and for what the clock did.
    """

    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        Cadre, verbose_name="办理人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    from_state = models.CharField("原状态", max_length=12, blank=True)
    to_state = models.CharField("新状态", max_length=12)
    reason = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        abstract = True
        ordering = ["at", "id"]
