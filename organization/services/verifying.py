"""Do the stored files and the rows that need them agree? Each floor vouches for its own rows when it starts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from organization.models import LooseFile
from organization.services.storing import file_columns
from shuxiang.media.files import measured

# A file may be on its way to its row.
YOUNG = timedelta(days=1)


@dataclass(frozen=True)
class Vouched:
    """A row that needs stored files, each with its name, size and SHA-256 (`storing.Stored`).

    `label` says which row, `faults` what is wrong with it whatever is stored.
    """

    label: str
    files: Sequence[tuple[str, int | None, str]]
    faults: Sequence[str] = ()


@dataclass
class Findings:
    """`faults` name rows whose files are wrong; `orphans` are files that no row knows. `files` counts the rows."""

    files: int = 0
    loose: int = 0
    faults: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)


Provider = Callable[[], Iterable[Vouched]]
PROVIDERS: list[Provider] = []


def vouch(provider: Provider) -> None:
    PROVIDERS.append(provider)


def verify() -> Findings:
    found = Findings(loose=LooseFile.objects.count())
    for provider in PROVIDERS:
        for row in provider():
            found.files += 1
            found.faults += (f"{row.label}：{fault}" for fault in faults_of(row))
    # Files come before their rows and go after them: what is stored is listed first.
    stored = list(stored_names())
    known = known_names()
    found.orphans = sorted(name for name in stored if name not in known)
    return found


def faults_of(row: Vouched) -> Iterator[str]:
    yield from row.faults
    for name, size, sha256 in row.files:
        try:
            with default_storage.open(name, "rb") as content:
                found = measured(content)
        except OSError:
            yield f"文件 {name} 不在存储中。"
            continue
        if found[0] != size:
            yield f"文件 {name} 为 {found[0]} 字节，应为 {size} 字节。"
        elif found[1] != sha256:
            yield f"文件 {name} 的校验值不符。"


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
    for model, column in file_columns():
        known |= set(model._base_manager.exclude(**{column: ""}).values_list(column, flat=True))
    return known


def remove_orphans(names: list[str], now: datetime) -> list[str]:
    """Removes those older than a day; gives their names."""
    old = [name for name in names if default_storage.get_modified_time(name) < now - YOUNG]
    for name in old:
        default_storage.delete(name)
    return old
