"""Every address of the portal, generated from the URLconf."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, StringConverter, UUIDConverter

NUMBERS = (987_654, 10**25)
UUIDS = ("00000000-0000-0000-0000-000000000000",)
TEXTS = ("987654", "９８７６５４", "x'\"<b>\x00", "a" * 300, "9999Q1")


@dataclass(frozen=True)
class Address:
    """A named pattern with the converters of its arguments."""

    name: str
    arguments: Mapping[str, Any]

    def garbage(self) -> Iterator[str]:
        """Addresses of what does not exist: every argument takes the same strange values in turn."""
        if not self.arguments:
            return
        for place in range(len(TEXTS)):
            values = {}
            for argument, converter in self.arguments.items():
                choices: Iterable[Any] = TEXTS
                if isinstance(converter, IntConverter):
                    choices = NUMBERS
                elif isinstance(converter, UUIDConverter):
                    choices = UUIDS
                choices = list(choices)
                values[argument] = choices[place % len(choices)]
            try:
                yield reverse(self.name, kwargs=values)
            except Exception:  # noqa: BLE001 - a converter of our own lets only sense through
                continue


def addresses(patterns: Any = None, prefix: str = "", above: Mapping[str, Any] | None = None) -> Iterator[Address]:
    for pattern in patterns or get_resolver().url_patterns:
        named = pattern.pattern.regex.groupindex  # of a plain regular expression
        arguments = {**(above or {}), **dict.fromkeys(named, StringConverter()), **pattern.pattern.converters}
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from addresses(pattern.url_patterns, space, arguments)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield Address(prefix + pattern.name, arguments)


def read_out(response: Any) -> None:
    """Ends a download as a browser would: closing it by hand would close the test's own database connection."""
    if response.streaming:
        for _ in response.streaming_content:
            pass
