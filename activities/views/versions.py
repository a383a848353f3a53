"""The version of a row of which a page was made."""


def seen_version(text: str) -> int:
    """-1, which no row has, where the form was tampered with."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
