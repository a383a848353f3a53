"""The one way in which notices come about."""

from collections.abc import Iterable
from datetime import datetime

from notices.models import Notice
from organization.models import Cadre

SUBJECT_LENGTH = 200


def send(
    *, recipients: Iterable[Cadre], subject: str, body: str = "", address: str = "", now: datetime
) -> list[Notice]:
    """Leaves one notice per person in the caller's transaction; closed accounts get none.

    `address` is a path of the portal (`/works/7/`), where the notice leads to. A subject too long is cut.
    """
    people = {cadre.pk: cadre for cadre in recipients if cadre.is_active}
    short = subject if len(subject) <= SUBJECT_LENGTH else subject[: SUBJECT_LENGTH - 1] + "…"
    return Notice.objects.bulk_create(
        Notice(recipient=cadre, subject=short, body=body, address=address, created_at=now) for cadre in people.values()
    )
