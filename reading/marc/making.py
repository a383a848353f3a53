"""Records of our own making, in both formats."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from pymarc import Field, Indicators, Leader, Record, Subfield

from reading.marc.reading import CNMARC
from reading.marc.title import OFFICE, Holding, Title
from shuxiang.workbooks.cells import ILLEGAL
from shuxiang.workbooks.values import clean_text

LEADERS = {True: "00000nam0 2200000   450 ", False: "00000nam a2200000 i 4500"}
# A field holds 9,999 bytes, a record 99,999: what is longer is cut, and a title's many copies stand in several records.
LONGEST, COPIES_PER_FIELD, COPIES_PER_RECORD = 3_000, 100, 1_000


@dataclass(frozen=True)
class Made:
    """`number` is the title's own, for field 001."""

    number: int
    title: Title


def records_of(made: Made, kind: str, today: date) -> Iterator[Record]:
    """One, or several where the title has very many copies."""
    holdings = made.title.holdings
    for start in range(0, max(len(holdings), 1), COPIES_PER_RECORD):
        some = holdings[start : start + COPIES_PER_RECORD]
        yield (cnmarc_of if kind == CNMARC else marc21_of)(made, some, today)


def plain(text: str) -> str:
    return clean_text(ILLEGAL.sub(" ", text))[:LONGEST]


class Maker:
    def __init__(self, number: int, is_cnmarc: bool) -> None:
        self.record = Record()
        self.record.leader = Leader(LEADERS[is_cnmarc])
        self.record.add_field(Field("001", data=f"SX{number:08}"))

    def add(self, tag: str, marks: str, *parts: tuple[str, str]) -> None:
        """Parts without text are left out, and the field where none has any."""
        subfields = [Subfield(code, said) for code, text in parts if (said := plain(text))]
        if subfields:
            self.record.add_field(Field(tag, Indicators(*marks), subfields))


def cnmarc_of(made: Made, holdings: Sequence[Holding], today: date) -> Record:
    title, maker = made.title, Maker(made.number, is_cnmarc=True)
    maker.add("010", "  ", ("a", title.isbn), ("d", title.price))
    year = f"{title.year:04}" if title.year else "    "
    maker.record.add_field(
        Field("100", Indicators(" ", " "), [Subfield("a", f"{today:%Y%m%d}d{year}    em y0chiy50      ea")])
    )
    maker.add("101", "0 ", ("a", "chi"))
    maker.add("200", "1 ", ("a", title.title), ("e", title.subtitle), ("f", title.author))
    maker.add("205", "  ", ("a", title.edition))
    maker.add("210", "  ", ("a", title.publication_place), ("c", title.publisher), ("d", year_told(title)))
    maker.add("215", "  ", ("a", title.extent))
    maker.add("225", "2 ", ("a", title.series))
    maker.add("330", "  ", ("a", title.summary))
    for word in title.keywords.split("；"):
        maker.add("606", "0 ", ("a", word))
    maker.add("690", "  ", ("a", title.clc), ("v", "5" if title.clc else ""))
    for author in title.author.split("；"):
        maker.add("701", " 0", ("a", author))
    maker.add("801", " 0", ("a", "CN"), ("b", OFFICE), ("c", f"{today:%Y%m%d}"))
    stem, _, number = title.call_number.rpartition("/")
    for place, codes in shelved(holdings):
        maker.add(
            "905", "  ", ("a", OFFICE), *(("b", code) for code in codes), ("c", place), ("d", stem), ("e", number)
        )
    return maker.record


def marc21_of(made: Made, holdings: Sequence[Holding], today: date) -> Record:
    title, maker = made.title, Maker(made.number, is_cnmarc=False)
    year = f"{title.year:04}" if title.year else "    "
    coded = f"{today:%y%m%d}s{year}    cc " + " " * 17 + "chi d"
    maker.record.add_field(Field("008", data=coded))
    maker.add("020", "  ", ("a", title.isbn), ("c", title.price))
    maker.add("040", "  ", ("a", OFFICE), ("b", "chi"))
    maker.add("084", "  ", ("a", title.clc), ("2", "clc" if title.clc else ""))
    first, *others = title.author.split("；")
    maker.add("100", "1 ", ("a", first))
    maker.add("245", "10", ("a", title.title), ("b", title.subtitle), ("c", title.author))
    maker.add("250", "  ", ("a", title.edition))
    maker.add("264", " 1", ("a", title.publication_place), ("b", title.publisher), ("c", year_told(title)))
    maker.add("300", "  ", ("a", title.extent))
    maker.add("490", "0 ", ("a", title.series))
    maker.add("520", "  ", ("a", title.summary))
    for word in title.keywords.split("；"):
        maker.add("650", " 4", ("a", word))
    for author in others:
        maker.add("700", "1 ", ("a", author))
    stem, _, number = title.call_number.rpartition("/")
    for place, codes in shelved(holdings):
        maker.add(
            "852", "8 ", ("a", OFFICE), ("b", place), ("h", stem), ("i", number), *(("p", code) for code in codes)
        )
    return maker.record


def year_told(title: Title) -> str:
    return str(title.year) if title.year else ""


def shelved(holdings: Sequence[Holding]) -> Iterator[tuple[str, list[str]]]:
    """Places with barcodes of copies there, so many to a field."""
    for place, some in groupby(sorted(holdings, key=lambda each: each.place), key=lambda each: each.place):
        codes = [each.barcode for each in some]
        for start in range(0, len(codes), COPIES_PER_FIELD):
            yield place, codes[start : start + COPIES_PER_FIELD]
