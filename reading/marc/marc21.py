"""A MARC 21 record as a title of the catalogue; where a field is in pinyin, the Chinese one that is linked with it."""

from pymarc import Field, Record

from reading.marc.persons import persons_of
from reading.marc.reader import Faults, call_number_of, holding, no_isbn_but, shortened
from reading.marc.title import LENGTHS, Title
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

LINKED = "880"
CREATORS = ("100", "110", "111")
ADDED = ("700", "710", "711")
SUBJECTS = ("600", "610", "611", "650", "651", "653")


class Chinese:
    """The record's fields, those in another script in the place of those that they are linked with."""

    def __init__(self, record: Record) -> None:
        self.fields: list[tuple[str, Field]] = []
        links = {field.get("6", "")[:6]: field for field in record.get_fields(LINKED)}
        for field in record.fields:
            if field.tag == LINKED:
                tag, _, number = field.get("6", "")[:6].partition("-")
                if number == "00":
                    self.fields.append((tag, field))
            elif field.control_field:
                continue
            else:
                other = links.get(f"{field.tag}-{field.get('6', '')[4:6]}")
                self.fields.append((field.tag, other if other is not None and wins(other, field) else field))

    def get(self, *tags: str) -> list[Field]:
        return [field for tag, field in self.fields if tag in tags]

    def first(self, code: str, *tags: str) -> str:
        return next((value for each in self.get(*tags) for value in each.get_subfields(code) if value.strip()), "")


def wins(other: Field, field: Field) -> bool:
    return has_chinese(words(other)) and not has_chinese(words(field))


def words(field: Field) -> str:
    return "".join(part.value for part in field.subfields if part.code != "6")


def title_of(record: Record, faults: Faults) -> Title:
    found, fields = Title(), Chinese(record)
    found.isbn = no_isbn_but([value for each in fields.get("020") for value in each.get_subfields("a")], "020", faults)
    found.price = shortened(trimmed(fields.first("c", "020")), "price")
    read_title(fields, found)
    creators = [name_of(each) for each in fields.get(*CREATORS)]
    creators += [name_of(each) for each in fields.get(*ADDED) if is_author(each)]
    stated = [] if any(creators) else persons_of(fields.first("c", "245"))
    added = [name_of(each) for each in fields.get(*ADDED)]
    found.author = joined(creators if any(creators) else stated or added, LENGTHS["author"])
    imprint = [each for each in fields.get("264") if each.indicator2 == "1"] or fields.get("260", "264")
    found.publication_place = shortened(unbracketed(value_of(imprint, "a")), "publication_place")
    found.publisher = unbracketed(value_of(imprint, "b"))
    found.year = year_of(value_of(imprint, "c")) or year_of(coded_year(record))
    found.edition = shortened(closed(fields.first("a", "250")), "edition")
    found.extent = shortened(trimmed(fields.first("a", "300")), "extent")
    series = [trimmed(" ".join(map(trimmed, each.get_subfields("a", "v")))) for each in fields.get("440", "490")]
    found.series = joined(series, LENGTHS["series"])
    summaries = [clean(value) for each in fields.get("520") for value in each.get_subfields("a")]
    found.summary = shortened("\n".join(filter(None, summaries)), "summary")
    subjects = [closed(value) for each in fields.get(*SUBJECTS) for value in each.get_subfields("a", "x")]
    found.keywords = joined(subjects, LENGTHS["keywords"])
    found.clc = next(filter(None, map(class_in, classes(fields))), "")
    read_holdings(fields, found, faults)
    return found


def value_of(fields: list[Field], code: str) -> str:
    return next((value for each in fields for value in each.get_subfields(code) if value.strip()), "")


def read_title(fields: Chinese, found: Title) -> None:
    field = fields.get("245")[0]
    parts = [trimmed(value) for value in field.get_subfields("a", "n", "p")]
    found.title = " ".join(filter(None, parts))
    found.subtitle = shortened(" ".join(filter(None, map(trimmed, field.get_subfields("b")))), "subtitle")


def name_of(field: Field) -> str:
    return " ".join(filter(None, map(closed, field.get_subfields("a", "b"))))


def is_author(field: Field) -> bool:
    """An added entry stands beside the first author unless it says that the person did something else."""
    said = [value.strip(" .,").casefold() for value in field.get_subfields("e", "4")]
    return not said or any(each in ("author", "aut", "joint author", "著", "合著", "编著", "主编") for each in said)


def classes(fields: Chinese) -> list[str]:
    """093 is what Chinese libraries write, else 084 that names the scheme, else one that looks like it; 090 is the
    library's own, of the Library of Congress elsewhere."""
    named = [each for each in fields.get("084") if each.get("2", "").strip().casefold().startswith(("clc", "ztf"))]
    other = [each for each in fields.get("084") if not each.get("2", "").strip()]
    own = fields.get("090") if is_chinese_made(fields) else []
    ordered = [*fields.get("093"), *named, *other, *fields.get("690"), *own]
    return [value for each in ordered for value in each.get_subfields("a")]


def is_chinese_made(fields: Chinese) -> bool:
    return fields.first("b", "040").strip() == "chi" or has_chinese(fields.first("a", "245"))


def coded_year(record: Record) -> str:
    fields = record.get_fields("008")
    return (fields[0].data or "")[7:11] if fields else ""


def read_holdings(fields: Chinese, found: Title, faults: Faults) -> None:
    for each in fields.get("852", "952"):
        places = "bc" if each.tag == "852" else "bac"
        place = next((value for code in places for value in each.get_subfields(code) if value.strip()), "")
        found.holdings += holding(each.get_subfields("p"), place, each.tag, faults)
        codes = "hi" if each.tag == "852" else "o"
        found.call_number = found.call_number or call_number_of(each, *codes)
