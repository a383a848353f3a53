"""Style sheets are whole: a brace that is missing takes every rule below it along, and no page says so."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SHEETS = sorted((Path(settings.BASE_DIR) / "static").glob("*.css"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_rule_stands_where_its_indent_says(sheet):
    text = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), sheet.read_text(encoding="utf-8"))
    depth, amiss = 0, []
    for number, line in enumerate(text.splitlines(), 1):
        if line[:1] in (".", "#", "@", ":", "*") and depth != 0:
            amiss.append(number)
        depth += line.count("{") - line.count("}")
    assert (depth, amiss) == (0, [])
