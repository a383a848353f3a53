"""From a record to a title, whichever of the two formats it is in."""

from collections import Counter

from pymarc import Record, Subfield

from reading.marc import cnmarc, marc21
from reading.marc.reader import Faults
from reading.marc.title import LENGTHS, Title
from shuxiang.workbooks.values import shown

CNMARC, MARC21 = "cnmarc", "marc21"
TELLING = {
    CNMARC: ("010", "101", "200", "210", "215", "225", "330", "606", "690", "701", "702", "801", "905"),
    MARC21: ("008", "020", "040", "084", "093", "245", "250", "260", "264", "300", "490", "520", "650", "852"),
}
MOST_HOLDINGS = 1_000
TITLE_FIELDS = {CNMARC: "200", MARC21: "245"}


def lower_codes(record: Record) -> None:
    """Of a record without a small letter: with them, a capital has a meaning of its own, as $A for pinyin."""
    codes = "".join(part.code for field in record.fields for part in field.subfields)
    if codes.upper() == codes != codes.lower():
        for field in record.fields:
            field.subfields = [Subfield(part.code.lower(), part.value) for part in field.subfields]


def format_of(record: Record) -> str:
    """Told by the fields; empty where there is no title in either."""
    titled = [name for name, tag in TITLE_FIELDS.items() if any(each.get("a") for each in record.get_fields(tag))]
    if len(titled) < 2:
        return titled[0] if titled else ""
    tags = Counter(field.tag for field in record.fields)
    return max(titled, key=lambda name: sum(tag in tags for tag in TELLING[name]))


def read_title(record: Record) -> tuple[Title, Faults]:
    lower_codes(record)
    faults: Faults = []
    kind = format_of(record)
    if not kind:
        return Title(), [("题名", "没有题名（CNMARC 的 200 $a 或 MARC 21 的 245 $a），请补上")]
    found = (cnmarc if kind == CNMARC else marc21).title_of(record, faults)
    tag = TITLE_FIELDS[kind]
    if not found.title:
        faults.append((tag, "题名是空的，请补上"))
    publisher, clc = ("210", "690") if kind == CNMARC else ("260", "093")
    for name, where in (("title", tag), ("publisher", publisher), ("clc", clc)):
        if (length := len(getattr(found, name))) > LENGTHS[name]:
            said = shown(getattr(found, name))
            faults.append((where, f"“{said}”有 {length} 个字，最多 {LENGTHS[name]} 个字，请缩短"))
    if (copies := len(found.holdings)) > MOST_HOLDINGS:
        faults.append(("馆藏", f"有 {copies} 册，一条记录最多 {MOST_HOLDINGS} 册，请核对，无误的分成几条"))
        found.holdings = []
    return found, faults
