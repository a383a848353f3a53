import re

from shuxiang.tests.scripts import last_line


def test_a_write_lock_held_for_8_seconds_gives_no_error_page_and_loses_no_event():
    shown = re.fullmatch(r"(.*) seconds=([\d.]+)", last_line("organization.tests.write_locked"))
    assert shown is not None
    assert shown[1] == "failed=200 in=302 page=200 out=302 events=3"
    assert float(shown[2]) >= 8
