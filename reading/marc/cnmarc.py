"""A CNMARC record as a title of the catalogue (国图 and CALIS styles)."""

from pymarc import Field, Record

from reading.marc.persons import persons_of
from reading.marc.reader import Faults, call_number_of, holding, no_isbn_but, shortened
from reading.marc.title import LENGTHS, OFFICE, Title
from reading.marc.words import (
    class_in,
    clean,
    closed,
    has_chinese,
    joined,
    trimmed,
    unbracketed,
    year_of,
)

FIRST_AUTHORS = ("700", "701", "710", "711", "720")
OTHER_AUTHORS = ("702", "712")
SUBJECTS = ("600", "601", "602", "605", "606", "607", "610")
DATES = slice(9, 13)  # of field 100


def title_of(record: Record, faults: Faults) -> Title:
    found = Title()
    fields = record.get_fields("010")
    found.isbn = no_isbn_but([value for each in fields for value in each.get_subfields("a")], "010", faults)
    found.price = shortened(first(fields, "d"), "price")
    read_title(record.get_fields("200"), found)
    found.author = joined(authors(record), LENGTHS["author"])
    imprint = imprint_of(record)
    found.publication_place = shortened(unbracketed(first(imprint, "a")), "publication_place")
    found.publisher = unbracketed(first(imprint, "c"))
    found.year = year_of(first(imprint, "d")) or year_of(coded_year(record))
    found.edition = shortened(trimmed(first(record.get_fields("205"), "a")), "edition")
    found.extent = shortened(trimmed(first(record.get_fields("215"), "a")), "extent")
    series = [trimmed(" ".join(each.get_subfields("a", "h", "i", "v"))) for each in record.get_fields("225")]
    found.series = joined(series, LENGTHS["series"])
    summaries = [value for each in record.get_fields("330") for value in each.get_subfields("a")]
    found.summary = shortened("\n".join(filter(None, map(clean, summaries))), "summary")
    subjects = [trimmed(value) for each in record.get_fields(*SUBJECTS) for value in each.get_subfields("a", "x")]
    found.keywords = joined(subjects, LENGTHS["keywords"])
    shelved = record.get_fields("905", "996")
    classes = [value for each in record.get_fields("690") for value in each.get_subfields("a")]
    # The class of a shelf may be a mere letter that stands for none, and ours is what a call number begins with.
    others = [each for each in shelved if each.get("a") != OFFICE]
    classes += [value for each in others for value in each.get_subfields("d") if any(map(str.isdigit, value))]
    found.clc = next(filter(None, map(class_in, classes)), "")
    for each in shelved:
        found.holdings += holding(each.get_subfields("b"), first([each], "c"), each.tag, faults)
        found.call_number = found.call_number or call_number_of(each, "d", "e")
    return found


def imprint_of(record: Record) -> list[Field]:
    """214 is what newer rules have for 210: its second indicator tells a publisher from printers."""
    fields = record.get_fields("214")
    return [each for each in fields if each.indicator2 == "0"] or record.get_fields("210") or fields


def first(fields: list[Field], code: str) -> str:
    return next((value for each in fields for value in each.get_subfields(code) if value.strip()), "")


def read_title(fields: list[Field], found: Title) -> None:
    """$a of the first field; $h and $i are a part's number and name, $e what is said beside the title."""
    field = fields[0]
    names = [trimmed(value) for value in field.get_subfields("a")]
    parts = [trimmed(value) for value in field.get_subfields("h", "i")]
    found.title = " ".join(filter(None, ["；".join(filter(None, names)), *parts]))
    found.subtitle = shortened(" ".join(filter(None, map(trimmed, field.get_subfields("e")))), "subtitle")


def authors(record: Record) -> list[str]:
    """Of the fields for authors; else of the statement in the title's field, else of those for translators."""
    first_ones = [name_of(each) for each in record.get_fields(*FIRST_AUTHORS)]
    if any(first_ones):
        return first_ones
    stated = persons_of(first(record.get_fields("200"), "f"))
    return stated or [name_of(each) for each in record.get_fields(*OTHER_AUTHORS)]


def name_of(field: Field) -> str:
    name = closed(first([field], "a"))
    rest = closed(first([field], "b"))
    if field.tag >= "710":
        return " ".join(filter(None, [name, rest]))
    return name if has_chinese(name) or not rest else f"{name}, {rest}"


def coded_year(record: Record) -> str:
    return first(record.get_fields("100"), "a")[DATES]
