"""The files of a work that is being written: one of each role, its content checked before anything is kept."""

from dataclasses import dataclass
from datetime import datetime

from django.core.files import File
from django.db import transaction

from organization.models import Cadre
from organization.services.roles import NotAllowed
from organization.services.storing import claim, discard, let_go, store
from shuxiang.media.files import scratch, spooled
from shuxiang.uploads import stored_name
from submissions.models import Attachment, Submission, Version
from submissions.services.processing import look_at, most_bytes, rendition_of
from submissions.services.review import StaleSubmission
from submissions.states import EDITABLE


@dataclass(frozen=True)
class Text:
    """A document's content: clean HTML, its words as plain text, and what was left out."""

    html: str
    text: str
    notice: str


def attach(*, version: Version, role: Attachment.Role, upload: File, by: Cadre, now: datetime) -> Attachment:
    """Checks the file by its content and keeps it as the version's file of this role, in place of an earlier one.

    Never within a transaction, since the check takes seconds: RuntimeError otherwise. Raises Refused, NotAllowed or
    StaleSubmission. A recording is made playable later (`submissions.tasks.wake`).
    """
    check_may_edit(version, by)
    name = stored_name(upload.name or "")
    with scratch() as folder, spooled(upload, folder, most_bytes(role)) as original:
        columns = look_at(role, original.path, name, folder / "rendition")
        stored: list[str] = []
        try:
            stored.append(store(original.path, now))
            made = rendition_of(folder / "rendition", now)
            stored += [made["rendition"]] if made else []
            return write(
                Attachment(
                    version=version,
                    role=role,
                    file=stored[0],
                    original_name=name,
                    size=original.size,
                    sha256=original.sha256,
                    uploaded_by=by,
                    **columns,
                    **made,
                ),
                stored,
                now,
            )
        except BaseException:
            discard(stored)
            raise


@transaction.atomic
def write(attachment: Attachment, stored: list[str], now: datetime) -> Attachment:
    hold_open(attachment.version)
    remove(attachment.version, Attachment.Role(attachment.role), now)
    attachment.save(force_insert=True)
    claim(stored)
    return attachment


@transaction.atomic
def detach(*, version: Version, role: Attachment.Role, by: Cadre, now: datetime) -> None:
    """Takes the version's file of this role away, where there is one. Raises NotAllowed or StaleSubmission."""
    check_may_edit(version, by)
    hold_open(version)
    remove(version, role, now)


@transaction.atomic
def carry_over(*, source: Version, target: Version) -> None:
    """A new version begins with the files of the one before; both rows name the same stored files."""
    for attachment in source.attachments.all():
        attachment.pk = Attachment._meta.pk.get_default()
        attachment.version = target
        attachment.save(force_insert=True)


def read_text(upload: File) -> Text:
    """The text of a .docx or .txt, of which nothing is kept. Raises Refused."""
    role = Attachment.Role.DOCUMENT
    with scratch() as folder, spooled(upload, folder, most_bytes(role)) as original:
        found = look_at(role, original.path, upload.name or "", folder / "rendition")
    return Text(found["html"], found["text"], found["notice"])


def check_may_edit(version: Version, by: Cadre) -> None:
    if not Submission.objects.edited_by(by).filter(pk=version.submission_id).exists():
        raise NotAllowed("只有作者本人和代为上报的人能更换这件作品的文件。")
    if not Version.objects.filter(pk=version.pk, is_draft=True, submission__state__in=EDITABLE).exists():
        raise StaleSubmission


def hold_open(version: Version) -> None:
    """Nobody hands the version in before this transaction ends."""
    open_still = Version.objects.filter(pk=version.pk, is_draft=True).update(is_draft=True)
    if open_still != 1 or not Submission.objects.filter(pk=version.submission_id, state__in=EDITABLE).exists():
        raise StaleSubmission


def remove(version: Version, role: Attachment.Role, now: datetime) -> None:
    found = list(Attachment.objects.light().filter(version=version, role=role))
    Attachment.objects.filter(pk__in=[each.pk for each in found]).delete()
    let_go((name for each in found for name in each.stored_names), now)
