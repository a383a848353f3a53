"""The receipt of an anonymous message: a code that its author alone has, and the few tries that anybody gets."""

import hashlib
import hmac
import secrets
import unicodedata
from contextlib import suppress
from uuid import UUID

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from activities.models import Feedback

# Without 0, O, 1 and I, which look alike on paper: 32 signs, so that 12 of them hold 60 bits.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SIGNS, GROUP = 12, 4
TRIES_OF_A_PERSON, TRIES_OF_AN_ADDRESS = 10, 100
WITHIN = 15 * 60


class TooManyTries(Exception):
    """str() is a Chinese sentence."""

    def __init__(self) -> None:
        super().__init__("回执码输错的次数太多，请过 15 分钟再试。")


def key_of(token: UUID, *parts: str) -> UUID:
    """The key of what was sent with a form: the same form with the same content has the same one, and nobody without
    the form's random token can tell it."""
    return UUID(bytes=drawn("key", token, *parts)[:16], version=4)


def code_of(token: UUID, *parts: str) -> str:
    """`K7QF-2M9D-XW4T`; the same again where the same form arrives twice, so that its author sees it both times."""
    number = int.from_bytes(drawn("code", token, *parts))
    signs = "".join(ALPHABET[number >> 5 * place & 31] for place in range(SIGNS))
    return "-".join(signs[start : start + GROUP] for start in range(0, SIGNS, GROUP))


def drawn(what: str, token: UUID, *parts: str) -> bytes:
    return hashlib.sha256("\0".join([what, token.hex, *parts]).encode()).digest()


def digest(code: str) -> str:
    """Of a code as it was typed, in whatever case and width, with dashes and blanks or without."""
    signs = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", code[:100]).upper()))
    return hashlib.sha256(signs.encode()).hexdigest()


def feedback_of(code: str) -> Feedback | None:
    wanted = digest(code)
    found = Feedback.objects.filter(receipt_sha256=wanted).first()
    return found if hmac.compare_digest(found.receipt_sha256 if found else secrets.token_hex(32), wanted) else None


def counters(person: int, address: str | None) -> dict[str, int]:
    """What counts the failures, and how many are allowed; in the cache only, under names that tell nobody."""
    limits = {f"person {person}": TRIES_OF_A_PERSON, f"address {address}": TRIES_OF_AN_ADDRESS}
    return {salted_hmac("activities.receipts", who).hexdigest(): most for who, most in limits.items()}


def check_tries(person: int, address: str | None) -> None:
    """Raises TooManyTries."""
    if any(cache.get(name, 0) >= most for name, most in counters(person, address).items()):
        raise TooManyTries


def count_failure(person: int, address: str | None) -> None:
    """Whoever finds a message leaves no trace, not even here."""
    for name in counters(person, address):
        cache.add(name, 0, WITHIN)
        with suppress(ValueError):  # forgotten at this very moment
            cache.incr(name)
