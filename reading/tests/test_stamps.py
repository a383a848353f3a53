from datetime import UTC, datetime

import pytest

from shuxiang.form_rows import read_stamp


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "2024-03-01", "2024-03-01T08:00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
        "9" * 40, "\x00",
    ],
)  # fmt: skip
def test_a_stamp_that_no_page_of_ours_carried_is_none(text):
    assert read_stamp(text) is None


def test_a_stamp_of_ours_is_read():
    assert read_stamp("2024-03-01T08:00:00+00:00") == datetime(2024, 3, 1, 8, tzinfo=UTC)
