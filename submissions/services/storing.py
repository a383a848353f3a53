"""Stored files and the rows that vouch for them.

A file is announced as loose before it is written, and claimed in the transaction that writes the row which needs it;
it is let go in the transaction that removes the last such row. So whoever dies in between leaves a file that is known
to be nobody's, and the sweeper takes it away.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from shuxiang.media.files import full_disk
from shuxiang.uploads import random_name
from submissions.models import Attachment, LooseFile

logger = logging.getLogger(__name__)
# Longer than anything takes between a file and its row, and than anybody listens to a file that was replaced.
LOOSE = timedelta(hours=1)


def store(path: Path, now: datetime) -> str:
    """Puts a copy of the file into the storage and gives its name there; it is loose until it is claimed."""
    name = random_name(None, "")
    with transaction.atomic(durable=True):
        LooseFile.objects.create(name=name, since=now)
    try:
        with path.open("rb") as content:
            return default_storage.save(name, File(content, name=name))
    except OSError as error:
        discard([name])
        raise full_disk(error) from error


def claim(names: Iterable[str]) -> None:
    """In the transaction that writes the row."""
    LooseFile.objects.filter(name__in=names).delete()


def let_go(attachments: Iterable[Attachment], now: datetime) -> None:
    """In the transaction that has removed the rows: their files are loose, but for those that other rows share."""
    names = {file.name or "" for each in attachments for file in (each.file, each.rendition) if file}
    for name in names:
        if not Attachment.objects.stored_as(name).exists():
            LooseFile.objects.get_or_create(name=name, defaults={"since": now})


def discard(names: Iterable[str]) -> None:
    """Removes files that never got a row; what cannot be removed now, the sweeper will."""
    for name in names:
        try:
            default_storage.delete(name)
        except OSError:
            logger.warning("文件 %s 未能删除，稍后清理", name, exc_info=True)
        else:
            LooseFile.objects.filter(name=name).delete()


def sweep(now: datetime) -> int:
    """Removes what has been loose for long; gives how many files that were."""
    names = list(LooseFile.objects.filter(since__lt=now - LOOSE).values_list("name", flat=True))
    kept = [name for name in names if Attachment.objects.stored_as(name).exists()]
    claim(kept)
    discard(set(names) - set(kept))
    return len(names) - len(kept)
