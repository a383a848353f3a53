"""Read state: a notice is read once its recipient opened it, or said so of the whole list."""

from datetime import datetime

from notices.models import Notice
from organization.models import Cadre


def open_notice(*, notice: Notice, reader: Cadre, now: datetime) -> None:
    """Marks the person's own notice as read; the first time counts."""
    Notice.objects.of(reader).unread().filter(pk=notice.pk).update(read_at=now)


def read_all(*, reader: Cadre, newest: int, now: datetime) -> int:
    """Marks everything up to the notice `newest`, so that what came after the page was made stays unread."""
    return Notice.objects.of(reader).unread().filter(pk__lte=newest).update(read_at=now)
