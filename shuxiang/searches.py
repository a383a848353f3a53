"""What people type into a search."""

from collections.abc import Mapping

# As the boxes take, and longer than any name or title: an address holds little more, and a database refuses a
# condition of too many words.
SEARCH_LENGTH = 100


def searched(address: Mapping[str, str], name: str = "q") -> str:
    """The words of a search with a space between them, without signs that no name contains."""
    words = " ".join(address.get(name, "").split())
    return "".join(filter(str.isprintable, words)).strip()[:SEARCH_LENGTH]
