"""Style sheets: a brace that is missing hides all that follows it, and no page says so."""

import re

import pytest
from django.conf import settings

COMMENT, STRING = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r'"[^"\n]*"')
SHEETS = sorted((settings.BASE_DIR / "static").glob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_block_is_closed_before_a_section_begins(sheet):
    text = sheet.read_text(encoding="utf-8")
    heads = [match.start() for match in re.finditer(r"^/\*", text, re.MULTILINE)]
    for end in (*heads, len(text)):
        before = STRING.sub("", COMMENT.sub("", text[:end]))
        assert before.count("{") == before.count("}"), text[end : end + 60]


RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


@pytest.mark.parametrize("piece", [".btn", ".form-check-input", ".form-control", ".form-select"])
def test_the_keyboard_sees_where_it_is(piece):
    """Bootstrap takes the outline off these, so a rule of ours of the same weight draws it again."""
    text = "".join(COMMENT.sub("", sheet.read_text(encoding="utf-8")) for sheet in SHEETS)
    drawn = [
        selector.strip()
        for selectors, body in RULE.findall(text)
        if "outline: 3px solid var(--indigo)" in body
        for selector in selectors.split(",")
    ]
    assert {f"{piece}:focus", f"{piece}:focus-visible"} & set(drawn)
