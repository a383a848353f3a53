from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading.isbn import BadIsbn, check_ten, check_thirteen, normalise


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("9787020002207", "9787020002207"),
        ("978-7-02-000220-7", "9787020002207"),
        ("ISBN 978-7-02-000220-7", "9787020002207"),
        ("７０２０００２２０７", None),
        ("7-02-000220-X", "9787020002207"),
        ("７-０２-０００２２０-ｘ", "9787020002207"),
        ("", ""),
        (" — ", ""),
    ],
)
def test_what_is_typed_becomes_thirteen_digits(typed, stored):
    if stored is None:
        with pytest.raises(BadIsbn):
            normalise(typed)
    else:
        assert normalise(typed) == stored


@pytest.mark.parametrize("typed", ["9787020002208", "6901234567892", "978702000220", "abc", "9" * 40, "\x00", "=1+1"])
def test_what_is_no_isbn_is_told_in_words(typed):
    with pytest.raises(BadIsbn, match="请"):
        normalise(typed)


@given(st.from_regex(r"\A[0-9]{9}\Z"))
def test_an_isbn_of_ten_and_its_isbn_of_thirteen_are_one(stem):
    thirteen = f"978{stem}{check_thirteen('978' + stem)}"
    assert normalise(stem + check_ten(stem)) == thirteen == normalise(thirteen)


@given(st.from_regex(r"\A97[89][0-9]{9}\Z"), st.integers(0, 12), st.integers(1, 9))
def test_a_wrong_digit_is_noticed(stem, place, by):
    right = stem + check_thirteen(stem)
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    with pytest.raises(BadIsbn):
        normalise(wrong)


@given(st.text())
def test_any_text_is_read_or_refused(text):
    with suppress(BadIsbn):
        assert len(normalise(text)) in (0, 13)
