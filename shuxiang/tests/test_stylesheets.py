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
