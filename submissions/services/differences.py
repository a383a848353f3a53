"""What two texts differ in, sentence by sentence and inside changed ones word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from submissions.models import Version

SENTENCES = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]+|[^。！？；!?;\n]+")
# Beyond these the comparison would cost more than it tells.
MANY_SENTENCES, LONG_PASSAGE = 800, 600
# So much of what stayed is shown before and after a change where the rest is left out.
AROUND = 60

LABELS = {
    "title": "题目",
    "author": "作者",
    "source": "出处",
    "book_title": "书名",
    "isbn": "ISBN",
    "publisher": "出版社",
    "body": "正文",
    "reason": "推荐理由",
    "summary": "内容简介",
}
DOCUMENTS = "附件中的文字"


@dataclass(frozen=True)
class Piece:
    """A run of text: `same`, only in the `old` or the `new`; of what is `left_out` the number of characters."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    label: str
    pieces: list[Piece]


def compare(old: Version, new: Version) -> list[Difference]:
    """Every typed text in which the versions differ, in the order of the form."""
    pairs = [(label, getattr(old, name), getattr(new, name)) for name, label in LABELS.items()]
    return [Difference(label, pieces(before, after)) for label, before, after in pairs if before != after]


def compare_versions(old: Version, new: Version) -> list[Difference]:
    """The same of stored versions, and the text of their documents after it."""
    before, after = ("\n".join(each.text for each in version.documents) for version in (old, new))
    documents = [Difference(DOCUMENTS, pieces(before, after))] if before != after else []
    return compare(old, new) + documents


def abridged(found: list[Difference]) -> list[Difference]:
    """Without the long passages that stayed the same, but for their ends beside a change."""
    return [Difference(each.label, shortened(each.pieces)) for each in found]


def shortened(found: list[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    for place, piece in enumerate(found):
        before = AROUND if place > 0 else 0
        after = AROUND if place < len(found) - 1 else 0
        left_out = len(piece.text) - before - after
        if piece.kind != "same" or left_out <= AROUND:
            kept.append(piece)
            continue
        start, end = piece.text[:before], piece.text[before + left_out :]
        kept += [Piece("same", start), Piece("left_out", str(left_out)), Piece("same", end)]
    return [piece for piece in kept if piece.text]


def pieces(old: str, new: str) -> list[Piece]:
    found: list[Piece] = []
    for kind, before, after in changes(SENTENCES.findall(old), SENTENCES.findall(new), MANY_SENTENCES):
        left, right = "".join(before), "".join(after)
        if kind == "equal":
            found.append(Piece("same", left))
        elif left and right and len(left) <= LONG_PASSAGE and len(right) <= LONG_PASSAGE:
            for inner, gone, come in changes(list(left), list(right), LONG_PASSAGE):
                found += marked(inner, "".join(gone), "".join(come))
        else:
            found += marked(kind, left, right)
    return joined(found)


def changes(old: list[str], new: list[str], limit: int) -> list[tuple[str, list[str], list[str]]]:
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    ends = (old[:head], old[len(old) - tail :])
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(old) > limit or len(new) > limit:
        middle = [("replace", old, new)]
    else:
        matcher = SequenceMatcher(None, old, new)
        middle = [(kind, old[a:b], new[c:d]) for kind, a, b, c, d in matcher.get_opcodes()]
    return [("equal", ends[0], ends[0]), *middle, ("equal", ends[1], ends[1])]


def marked(kind: str, old: str, new: str) -> list[Piece]:
    return [Piece("same", old)] if kind == "equal" else [Piece("old", old), Piece("new", new)]


def joined(found: list[Piece]) -> list[Piece]:
    whole: list[Piece] = []
    for piece in found:
        if not piece.text:
            continue
        if whole and whole[-1].kind == piece.kind:
            whole[-1] = Piece(piece.kind, whole[-1].text + piece.text)
        else:
            whole.append(piece)
    return whole
