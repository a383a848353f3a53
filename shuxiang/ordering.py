"""Chinese titles in the order of a dictionary: by pinyin, one syllable after the other.

The order is that of stored keys, which are plain ASCII and compared byte by byte, so that it is the same in every
database, whatever collation it was made with.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

KEY_LENGTH = 240
# Numbers come by their size up to so many digits: 第2卷 before 第10卷.
DIGITS = 6
# Of a text in lower case and without accents: a number, a word in Latin letters, or a run of all other letters.
PIECES = re.compile(r"(?P<number>\d+)|(?P<latin>[a-z]+)|[^\W\d_a-z]+")


class SortKeyField(models.CharField):
    """What `sort_key` gives for a title of the same row. Whoever stores a title stores this with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "max_length": KEY_LENGTH,
            "blank": True,
            "editable": False,
            "default": "",
            "db_default": "",
        }
        super().__init__(*args, **given | kwargs)

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        bytewise = {"collation": "C"} if connection.vendor == "postgresql" else {}
        return super().db_parameters(connection) | bytewise


def sort_key(title: str) -> str:
    """Syllables, words and numbers with a space between them, then, after two more, the tones: `lun yu  23`.

    Numbers stand before letters, Latin words among the syllables, letters of other scripts last. Case, accents and
    punctuation do not count. Of a very long title only the beginning counts.
    """
    words: list[str] = []
    tones: list[str] = []
    for piece in PIECES.finditer(folded(title)):
        if piece["number"]:
            words.append(number_word(piece[0]))
        elif piece["latin"]:
            words.append(piece[0])
        else:
            for syllable, tone in syllables(piece[0]):
                words.append(syllable)
                tones.append(tone)
    return f"{' '.join(words)}  {''.join(tones)}".strip()[:KEY_LENGTH]


def folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def number_word(digits: str) -> str:
    """In the digits of whatever script."""
    plain = "".join(str(unicodedata.decimal(digit)) for digit in digits)
    return plain.lstrip("0").zfill(DIGITS)


def syllables(letters: str) -> Iterator[tuple[str, str]]:
    """Each with its tone, 5 for none. Letters without pinyin are named by their numbers, after all others."""
    from pypinyin import Style, lazy_pinyin  # its tables are large: only where something is written

    for reading in lazy_pinyin(letters, Style.TONE3, errors=unread, neutral_tone_with_five=True):
        if reading.startswith("~"):
            yield reading, ""
        else:
            # ü stands behind u and before ua: lu, lü, luan, lüe, lun.
            yield reading[:-1].replace("ve", "ue").replace("v", "u!"), reading[-1]


def unread(letters: str) -> str:
    return " ".join(f"~{ord(letter):06x}" for letter in letters)
