"""Do the stored files and the rows that need them agree?"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField

from shuxiang.media.files import measured
from submissions.models import Attachment, LooseFile

# A file may be on its way to its row.
YOUNG = timedelta(days=1)


@dataclass
class Findings:
    """`faults` name rows whose files are wrong; `orphans` are files that no row knows."""

    files: int = 0
    loose: int = 0
    faults: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)


def verify() -> Findings:
    found = Findings(loose=LooseFile.objects.count())
    for attachment in Attachment.objects.light().order_by("created_at").iterator(chunk_size=500):
        found.files += 1
        found.faults += faults_of(attachment)
    # Files come before their rows and go after them: what is stored is listed first.
    stored = list(stored_names())
    known = known_names()
    found.orphans = sorted(name for name in stored if name not in known)
    return found


def faults_of(attachment: Attachment) -> Iterator[str]:
    wanted: list[tuple[str | None, int | None, str]] = [(attachment.file.name, attachment.size, attachment.sha256)]
    if attachment.rendition:
        wanted.append((attachment.rendition.name, attachment.rendition_size, attachment.rendition_sha256))
    elif attachment.is_ready and attachment.role != Attachment.Role.DOCUMENT:
        yield f"附件 {attachment.pk}：标为可用，但没有展示文件。"
    for name, size, sha256 in wanted:
        try:
            with default_storage.open(name or "", "rb") as content:
                found = measured(content)
        except OSError:
            yield f"附件 {attachment.pk}：文件 {name} 不在存储中。"
            continue
        if found[0] != size:
            yield f"附件 {attachment.pk}：文件 {name} 为 {found[0]} 字节，应为 {size} 字节。"
        elif found[1] != sha256:
            yield f"附件 {attachment.pk}：文件 {name} 的校验值不符。"


def stored_names(folder: str = "") -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in files)
    for name in folders:
        yield from stored_names(prefix + name)


def known_names() -> set[str]:
    """What rows of any model name, and what is known to be loose."""
    known = set(LooseFile.objects.values_list("name", flat=True))
    for model in apps.get_models():
        for each in model._meta.get_fields():
            if isinstance(each, FileField):
                known |= set(model._default_manager.exclude(**{each.name: ""}).values_list(each.name, flat=True))
    return known


def remove_orphans(names: list[str], now: datetime) -> list[str]:
    """Removes those older than a day; gives their names."""
    old = [name for name in names if default_storage.get_modified_time(name) < now - YOUNG]
    for name in old:
        default_storage.delete(name)
    return old
