"""Two who edit at once: nobody's text is lost without a word (soak: 1,000 conflicting edits)."""

import pytest

from shuxiang.tests.fixtures import SOAK
from shuxiang.tests.scripts import last_line, same_server

EDITS = 1000 if SOAK else 200


@pytest.mark.soak
def test_of_conflicting_edits_one_is_stored_and_every_other_is_told():
    line = last_line("submissions.tests.edits", "--edits", str(EDITS), *same_server(), seconds=600)
    assert line == f"edits={EDITS} stored={EDITS // 4} told={EDITS * 3 // 4} lost=0"
