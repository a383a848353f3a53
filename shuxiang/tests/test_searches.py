import pytest

from shuxiang.searches import SEARCH_LENGTH, searched


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ""),
        (" 论语 ", "论语"),
        ("论语\u3000秦越\t\n读", "论语 秦越 读"),
        ("论\u200b语\x00\u202e", "论语"),
        ("\x00", ""),
        ("字" * 101, "字" * SEARCH_LENGTH),
    ],
)
def test_a_search_holds_words_and_nothing_that_no_name_contains(typed, words):
    assert searched({"q": typed}) == words


def test_a_search_that_nobody_typed_is_empty():
    assert searched({}) == ""
