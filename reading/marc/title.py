"""What a bibliographic record says that the catalogue keeps."""

from dataclasses import dataclass, field

# Who made and who holds, in records of our own making.
OFFICE = "SX"
# As the catalogue stores them, in characters.
LENGTHS = {
    "title": 200,
    "subtitle": 200,
    "author": 200,
    "publisher": 100,
    "publication_place": 50,
    "edition": 50,
    "series": 200,
    "extent": 50,
    "price": 30,
    "keywords": 300,
    "summary": 20_000,
    "clc": 50,
    "call_number": 80,
}


@dataclass(frozen=True, slots=True)
class Holding:
    """One copy where it has a barcode; else copies of unknown number at a place."""

    barcode: str = ""
    place: str = ""


@dataclass
class Title:
    """Texts are clean and fit the catalogue's columns; an empty one is not known."""

    isbn: str = ""
    title: str = ""
    subtitle: str = ""
    author: str = ""
    publisher: str = ""
    publication_place: str = ""
    year: int | None = None
    edition: str = ""
    series: str = ""
    extent: str = ""
    price: str = ""
    keywords: str = ""
    summary: str = ""
    clc: str = ""
    call_number: str = ""
    holdings: list[Holding] = field(default_factory=list)
