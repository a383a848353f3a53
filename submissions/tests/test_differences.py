import time

from hypothesis import given
from hypothesis import strategies as st

from submissions.services.differences import Difference, Piece, abridged, pieces


def sides(found) -> tuple[str, str]:
    old = "".join(each.text for each in found if each.kind != "new")
    return old, "".join(each.text for each in found if each.kind != "old")


def test_inside_a_changed_sentence_the_changed_words_are_marked():
    found = pieces("甲。乙丙。丁。", "甲。乙戊丙。丁。")
    assert [(each.kind, each.text) for each in found] == [("same", "甲。乙"), ("new", "戊"), ("same", "丙。丁。")]


@given(st.text("甲乙。！\n", max_size=60), st.text("甲乙。！\n", max_size=60))
def test_both_texts_can_be_read_from_the_pieces(old, new):
    assert sides(pieces(old, new)) == (old, new)


def test_long_texts_take_no_long_time():
    old = "".join(f"第{number % 97}句。" for number in range(4000))
    new = "".join(f"第{number % 89}句。" for number in range(4000))
    began = time.monotonic()
    assert sides(pieces(old[:20_000], new[:20_000])) == (old[:20_000], new[:20_000])
    assert time.monotonic() - began < 5


def test_of_long_passages_that_stayed_only_the_ends_beside_a_change_are_kept():
    same = "".join(map(chr, range(0x4E00, 0x4E00 + 500)))
    (found,) = abridged([Difference("正文", [Piece("same", same), Piece("new", "改"), Piece("same", same)])])
    assert [(each.kind, each.text) for each in found.pieces] == [
        ("left_out", "440"), ("same", same[440:]), ("new", "改"), ("same", same[:60]), ("left_out", "440"),
    ]  # fmt: skip


def test_short_passages_are_kept_whole():
    whole = [Difference("正文", [Piece("same", "甲" * 100), Piece("old", "乙" * 900), Piece("same", "丙" * 170)])]
    assert abridged(whole)[0].pieces[:2] == whole[0].pieces[:2]
