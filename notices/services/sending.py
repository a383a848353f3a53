"""The one way in which notices come about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from notices.models import Notice
from organization.models import Cadre

SUBJECT_LENGTH = 200


@dataclass(frozen=True)
class Letter:
    """`address` is a path of the portal (`/works/7/`), where the notice leads to. A subject too long is cut."""

    recipients: Iterable[Cadre]
    subject: str
    body: str = ""
    address: str = ""

    def notices(self, now: datetime) -> list[Notice]:
        people = {cadre.pk: cadre for cadre in self.recipients if cadre.is_active}
        long = len(self.subject) > SUBJECT_LENGTH
        short = self.subject[: SUBJECT_LENGTH - 1] + "…" if long else self.subject
        return [
            Notice(recipient=cadre, subject=short, body=self.body, address=self.address, created_at=now)
            for cadre in people.values()
        ]


def send(
    *, recipients: Iterable[Cadre], subject: str, body: str = "", address: str = "", now: datetime
) -> list[Notice]:
    """Leaves one notice per person in the caller's transaction; closed accounts get none."""
    return send_letters([Letter(recipients, subject, body, address)], now=now)


def send_letters(letters: Iterable[Letter], *, now: datetime) -> list[Notice]:
    """Many at once, in one query."""
    return Notice.objects.bulk_create(notice for letter in letters for notice in letter.notices(now))
