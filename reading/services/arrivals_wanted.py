"""One row of a register or record of a MARC file: the title and the lots of copies that it wants."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from reading.kinds import Source
from reading.marc.title import Title
from reading.models import Book
from shuxiang.searches import bare
from shuxiang.workbooks.records import Record


@dataclass(frozen=True, slots=True)
class Lot:
    """Copies that come in together. Where `any_copy`, every copy that the title has counts as one of them."""

    count: int = 1
    place: str = ""
    barcode: str = ""
    source: str = Source.PURCHASE
    donor: str = ""
    acquired_on: date | None = None
    gone: bool = False
    any_copy: bool = False


@dataclass(eq=False)
class Wanted:
    """One row or record; `columns` names what a refusal speaks of."""

    record: Record
    title: Title
    lots: list[Lot]
    columns: dict[str, str]
    area: int | None = None
    origins: list[str] = field(default_factory=list)


Identity = tuple[str, str, str, int | None]


def identity_of(title: Title | Book) -> Identity:
    """By which titles without an ISBN are known."""
    return bare(title.title + title.subtitle), bare(title.author), bare(title.publisher), title.year


def origin_of(title: Title, lot: Lot) -> str:
    told = [
        *([title.isbn] if title.isbn else map(str, identity_of(title))),
        bare(lot.place), lot.source, bare(lot.donor), str(lot.acquired_on or ""),
    ]  # fmt: skip
    return hashlib.sha256("\n".join(told).encode()).hexdigest()
