"""Fingerprints and shared passages: what must be found, what must not, and what hostile texts cost."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.passages import GRAM, LONG, Text, fingerprints, gram_hashes, merged, pieces, shared_spans

HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x4E40), max_size=200)
PASSAGE = "".join(chr(0x5200 + number) for number in range(LONG))


@given(HAN, HAN, HAN, HAN)
def test_a_long_passage_is_found_wherever_it_stands(before, after, ahead, behind):
    one, other = f"{before}{PASSAGE}{after}", f"{ahead}{PASSAGE}{behind}"
    assert fingerprints(one) & fingerprints(other)
    here, there = shared_spans(one, other)
    assert any(begin <= len(before) and end >= len(before) + LONG for begin, end in here)
    assert any(begin <= len(ahead) and end >= len(ahead) + LONG for begin, end in there)


@given(HAN, HAN)
def test_what_is_shared_is_in_both(one, other):
    here, there = shared_spans(one, other)
    assert all(end - begin >= LONG for begin, end in [*here, *there])
    assert all(one[begin : begin + GRAM] in other for begin, _ in here)
    assert all(other[begin : begin + GRAM] in one for begin, _ in there)


def test_one_character_less_is_no_long_passage():
    short = PASSAGE[:-1]
    assert shared_spans(f"一{short}二", f"三{short}四") == ([], [])


def test_blanks_punctuation_and_width_hide_nothing():
    one, other = Text.of("知止而后有定，ＡＢＣ。"), Text.of("知 止\n而后——有定abc")
    assert one.letters == other.letters == "知止而后有定abc"


@given(st.text(max_size=300))
def test_the_pieces_together_are_the_original(original):
    text = Text.of(original)
    spans = [(at, at + 2) for at in range(0, len(text.letters) - 2, 5)]
    assert "".join(piece.text for piece in pieces(text, spans)) == original


def test_hashes_fit_every_database_and_are_the_same_everywhere():
    values = gram_hashes("知止而后有定定而后能静静而后能安")
    assert all(0 <= value < 2**61 for value in values)
    assert gram_hashes("x" + "知止而后有定定而后能静静而后能安")[1:] == values
    assert values[0] == 1447722624051409796


def test_short_texts_have_none_or_one():
    assert fingerprints("") == fingerprints("知" * (GRAM - 1)) == set()
    assert len(fingerprints("知止而后有定定而后能静静")) == 1


def test_spans_that_touch_become_one():
    assert merged([(5, 9), (0, 3), (3, 5), (20, 21)]) == [(0, 9), (20, 21)]


@pytest.mark.parametrize("unit", ["哈", "哈哈呵", "一二三四五六七八九十甲乙丙"])
def test_endless_repetition_costs_no_more_than_a_second(unit):
    text = (unit * 20_000)[:20_000]
    began = time.process_time()
    here, _ = shared_spans(text, text)
    assert fingerprints(text)
    assert here == [(0, 20_000)]
    assert time.process_time() - began < 3
