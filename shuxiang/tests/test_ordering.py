"""Keys by which titles stand as in a dictionary."""

import pytest
from hypothesis import given
from hypothesis import settings as told
from hypothesis import strategies as st

from shuxiang.ordering import KEY_LENGTH, sort_key


def in_order(*titles: str) -> bool:
    keys = [sort_key(title) for title in titles]
    return keys == sorted(set(keys))


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("《论语》译注", "lun yu yi zhu  2344"),
        ("重庆", "chong qing  24"),
        ("二〇二四", "er ling er si  4244"),
        ("Python 入门", "python ru men  42"),
        ("流畅的ＰＹＴＨＯＮ！", "liu chang de python  245"),
        ("第02卷", "di 000002 juan  43"),
        ("Été", "ete"),
        ("٣ Ⅷ", "000003 viii"),
        ("𠮷野家", "~020bb7 ye jia  31"),
        ("Жи", "~000436 ~000438"),
        ("……", ""),
        ("", ""),
    ],
)
def test_a_key_spells_the_title(title, key):
    assert sort_key(title) == key


def test_titles_stand_by_syllables_before_letters():
    assert in_order("大学", "大洋", "旦角", "单元")  # da yang before dan
    assert in_order("论语", "论语言", "论语译注")
    assert in_order("陆", "绿", "绿茶", "乱", "略", "轮", "罗")


def test_tones_decide_among_the_same_syllables():
    assert in_order("诗集", "实际", "史记", "世纪")


def test_numbers_stand_first_and_by_their_size_letters_of_other_scripts_last():
    assert in_order("7 堂课", "12 堂课", "1984", "阿Q正传", "Zola", "Жизнь")
    assert in_order("资治通鉴", "资治通鉴（2）", "资治通鉴（10）")


@told(deadline=None)
@given(st.text(max_size=200))
def test_a_key_is_short_plain_and_blind_to_punctuation(title):
    key = sort_key(title)
    assert key.isascii()
    assert key.isprintable()
    assert len(key) <= KEY_LENGTH
    assert sort_key(f"《{title}》——“") == key


@told(deadline=None)
@given(st.text("论语大学绿乱Q12 ", max_size=12), st.text("论语大学绿乱Q12 ", max_size=12))
def test_a_title_stands_before_those_that_begin_with_it(title, more):
    assert sort_key(title) <= sort_key(f"{title} {more}")
