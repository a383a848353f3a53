"""Stored files and the rows that vouch for them, of whichever floor.

A file is announced as loose before it is written, and claimed in the transaction that writes the row which needs it;
it is let go in the transaction that removes the last such row. So whoever dies in between leaves a file that is known
to be nobody's, and the sweeper takes it away.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import FileField, Model

from organization.models import LooseFile
from shuxiang.media.files import full_disk, measured
from shuxiang.uploads import random_name

logger = logging.getLogger(__name__)
# Longer than anything takes between a file and its row, and than anybody listens to a file that was replaced.
LOOSE = timedelta(hours=1)
# So many names are asked for in one query.
CHUNK = 500


class Stored(NamedTuple):
    """A file by its name in the storage, with what it must measure there."""

    name: str
    size: int
    sha256: str


def store(path: Path, now: datetime) -> str:
    """Puts a copy of the file into the storage and gives its name there; it is loose until it is claimed.

    Never within a transaction: RuntimeError otherwise.
    """
    name = random_name(None, "")
    with transaction.atomic(durable=True):
        LooseFile.objects.create(name=name, since=now)
    try:
        with path.open("rb") as content:
            return default_storage.save(name, File(content, name=name))
    except OSError as error:
        discard([name])
        raise full_disk(error) from error


def keep(path: Path, now: datetime) -> Stored:
    """Stores the file, with its measures."""
    with path.open("rb") as file:
        size, sha256 = measured(file)
    return Stored(store(path, now), size, sha256)


def claim(names: Iterable[str]) -> None:
    """In the transaction that writes the row."""
    LooseFile.objects.filter(name__in=names).delete()


def let_go(names: Iterable[str], now: datetime) -> None:
    """In the transaction that has removed the rows: the files are loose, but for those that other rows need."""
    wanted = set(names)
    for name in wanted - needed(wanted):
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
    names = set(LooseFile.objects.filter(since__lt=now - LOOSE).values_list("name", flat=True))
    kept = needed(names)
    claim(kept)
    discard(names - kept)
    return len(names - kept)


def file_columns() -> Iterator[tuple[type[Model], str]]:
    """Every column of any model that names a stored file."""
    for model in apps.get_models():
        if not model._meta.proxy:
            yield from ((model, each.name) for each in model._meta.local_fields if isinstance(each, FileField))


def needed(names: set[str]) -> set[str]:
    """Those that rows of any model name."""
    asked, found = list(names), set[str]()
    for model, column in file_columns():
        for start in range(0, len(asked), CHUNK):
            rows = model._base_manager.filter(**{f"{column}__in": asked[start : start + CHUNK]})
            found.update(rows.values_list(column, flat=True))
    return found
