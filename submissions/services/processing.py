"""What is made of the files of works: at once where the request can wait for it, else in the background."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.urls import reverse

from notices.services import send
from organization.models import Cadre
from organization.services.pictures import UNREADABLE as UNREADABLE_PICTURE
from organization.services.storing import claim, discard, keep
from shuxiang.locks import held
from shuxiang.media.files import scratch, spooled
from shuxiang.media.runner import AT_ONCE, IN_BACKGROUND, ChildDied, Limits, PatienceEnded, run
from shuxiang.uploads import BUSY, Refused
from submissions.models import Attachment, Contributor, Submission

logger = logging.getLogger(__name__)
PICTURES = (Attachment.Role.COVER, Attachment.Role.PICTURE)
# A file that took its reader down so often is not tried again.
DEATHS = 2
UNREADABLE = {
    Attachment.Role.AUDIO: "录音无法处理，文件可能已损坏，请重新录音或换一个文件。",
    Attachment.Role.DOCUMENT: "文档内容过大或已损坏，无法处理。请新建文档，将文字粘贴进去后重新选择。",
    Attachment.Role.COVER: UNREADABLE_PICTURE,
    Attachment.Role.PICTURE: UNREADABLE_PICTURE,
}
# Words of two bytes at the beginning of archives and of old Office files.
WORD_SIGNATURES = (b"PK", b"\xd0\xcf")
# So many files are worked on at the same time at most.
LANES = 16


def most_bytes(role: Attachment.Role) -> int:
    if role == Attachment.Role.AUDIO:
        return settings.AUDIO_MAX_BYTES
    return settings.DOCUMENT_MAX_BYTES if role == Attachment.Role.DOCUMENT else settings.IMAGE_MAX_BYTES


def look_at(role: Attachment.Role, path: Path, name: str, target: Path) -> dict[str, Any]:
    """What a request can wait for, as columns of the row: a recording is only checked. Raises Refused.

    A recording that cannot be judged at once is left to the background.
    """
    try:
        if role == Attachment.Role.AUDIO:
            return {**run("check audio", path), "state": Attachment.State.PROCESSING}
        return {**finished(role, path, name, target, AT_ONCE), "state": Attachment.State.READY}
    except ChildDied as death:
        logger.warning("附件检查中断：%s", death)
        if role == Attachment.Role.AUDIO:
            return {"state": Attachment.State.PROCESSING}
        raise Refused(UNREADABLE[role]) from death


def finished(role: Attachment.Role, path: Path, name: str, target: Path, limits: Limits) -> dict[str, Any]:
    """Everything that is made of the file; `target` is written for recordings and pictures."""
    if role == Attachment.Role.AUDIO:
        return run("make audio", path, target, limits)
    if role in PICTURES:
        return run("make image", path, target, limits)
    with path.open("rb") as file:
        word = file.read(2) in WORD_SIGNATURES or name.lower().endswith((".docx", ".doc"))
    return run("read docx" if word else "read text", path, None, limits)


def rendition_of(target: Path, now: datetime) -> dict[str, Any]:
    """Stores what was made, as columns of the row; nothing where there is none."""
    if not target.exists():
        return {}
    kept = keep(target, now)
    return {"rendition": kept.name, "rendition_size": kept.size, "rendition_sha256": kept.sha256}


def process_waiting(now: datetime) -> None:
    """Everything that waits, oldest first, but for what another worker is at."""
    for attachment in Attachment.objects.waiting().light().order_by("created_at"):
        with held(f"media-{attachment.pk.int % LANES}") as mine:
            if not mine:
                continue
            try:
                attachment.refresh_from_db(fields=["state", "attempts", "file"])
                if attachment.state == Attachment.State.PROCESSING:
                    process(attachment, now)
            except Attachment.DoesNotExist:
                continue
            except (OperationalError, InterfaceError):
                logger.exception("数据库中断，附件 %s 等待下次处理", attachment.pk)
                return
            except Exception:
                logger.exception("附件 %s 处理出错", attachment.pk)
                count_death(attachment, UNREADABLE[Attachment.Role(attachment.role)], now)


def process(attachment: Attachment, now: datetime) -> None:
    """Makes what the file's place needs, under the lock of its lane. A worker that is killed leaves it waiting."""
    role = Attachment.Role(attachment.role)
    try:
        with scratch() as folder, attachment.file.open("rb") as content, spooled(content, folder) as original:
            target = folder / "rendition"
            facts = finished(role, original.path, attachment.original_name, target, IN_BACKGROUND)
            write(attachment, {**facts, **rendition_of(target, now), "state": Attachment.State.READY})
    except Refused as refused:
        give_up(attachment, str(refused), now)
    except FileNotFoundError:
        logger.error("附件 %s 的文件 %s 不在存储中，请从备份恢复。", attachment.pk, attachment.file.name)
        give_up(attachment, "文件不在存储中，请联系管理员。", now)
    except ChildDied as death:
        logger.warning("附件 %s 处理中断：%s", attachment.pk, death)
        count_death(attachment, BUSY if isinstance(death, PatienceEnded) else UNREADABLE[role], now)


def write(attachment: Attachment, columns: dict[str, Any]) -> None:
    """Only where the row still waits; what was made for a row that is gone goes too."""
    made = [columns["rendition"]] if "rendition" in columns else []
    with transaction.atomic():
        waiting = Attachment.objects.waiting().filter(pk=attachment.pk)
        written = waiting.update(**columns) == 1
        if written:
            claim(made)
    if not written:
        discard(made)


def count_death(attachment: Attachment, message: str, now: datetime) -> None:
    """`message` is what is said where this was the last try."""
    waiting = Attachment.objects.waiting().filter(pk=attachment.pk)
    waiting.update(attempts=F("attempts") + 1)
    if waiting.filter(attempts__gte=DEATHS).exists():
        give_up(attachment, message, now)


@transaction.atomic
def give_up(attachment: Attachment, message: str, now: datetime) -> None:
    """The file stays with its original; whoever sent it, and whose work it is, hear why nobody can play or see it."""
    waiting = Attachment.objects.waiting().filter(pk=attachment.pk)
    if waiting.update(state=Attachment.State.FAILED, message=message) != 1:
        return
    work = Submission.objects.get(versions=attachment.version_id)
    main = Contributor.objects.filter(submission=work, position=0).values("cadre")
    send(
        recipients=Cadre.objects.filter(Q(pk__in=main) | Q(pk=attachment.uploaded_by_id)),
        subject=f"{work.quoted}的{attachment.get_role_display()}没有处理成功",
        body=message,
        address=reverse("work", args=[work.pk]),
        now=now,
    )
