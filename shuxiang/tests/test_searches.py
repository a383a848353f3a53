import pytest

from shuxiang.searches import READINGS, SEARCH_LENGTH, WORDS, bare, name_spelled, searched, spelled, text_of, words_of


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


def test_only_letters_digits_and_han_count():
    assert bare("读《大学》 Ⅳ，ＡＢＣ-7\x00") == "读大学ivabc7"
    assert words_of("大学 《》 Da-Xue") == ["大学", "daxue"]
    assert len(words_of("字 " * 20)) == WORDS


def test_titles_and_names_are_spelled():
    assert spelled("大学") == ["daxue", "dx"]
    assert (spelled("Walden 1854"), name_spelled("Ann")) == ([], [])
    assert {"zengguofan", "cengguofan", "zgf", "cgf"} <= set(name_spelled("曾国藩"))
    assert len(name_spelled("曾" * 10)) == 2 * READINGS


def test_a_text_has_a_line_for_everything_once():
    lines = text_of(["大学", "大学"], ["曾参"], ["", "读书角"]).split("\n")
    assert lines[:5] == ["大学", "曾参", "读书角", "daxue", "dx"]
    assert len(lines) == len(set(lines))
    assert "dushujiao" not in lines
