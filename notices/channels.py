"""Channels outward, as the settings name them: DingTalk, WeCom, mail and whatever else apprise knows."""

import hashlib
import logging
from dataclasses import dataclass
from string import Formatter
from typing import Any
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured

PLACEHOLDERS = {"number", "phone"}
REASON_LENGTH = 300


class Undelivered(Exception):
    """The message did not go out; str() says why as far as the channel told."""


@dataclass(frozen=True)
class Channel:
    """One apprise address. With `{number}` or `{phone}` in it there is a message per person, else one for the group."""

    url: str

    @property
    def name(self) -> str:
        """For the log: the address itself holds secrets."""
        return f"{self.url.partition(':')[0][:20]} {hashlib.sha256(self.url.encode()).hexdigest()[:8]}"

    @property
    def is_personal(self) -> bool:
        return bool(placeholders(self.url))

    def address_of(self, number: str, phone: str) -> str | None:
        """The person's own address; None where what it needs is not known."""
        known = {"number": number, "phone": phone}
        if not all(known[name] for name in placeholders(self.url)):
            return None
        return self.url.format(**{name: quote(value, safe="") for name, value in known.items()})

    def deliver(self, url: str, title: str, body: str) -> None:
        """Raises Undelivered."""
        import apprise  # it loads a hundred plug-ins: only where something is sent

        sender = apprise.Apprise()
        if not sender.add(url):
            raise Undelivered("渠道地址无法识别，请核对设置。")
        with apprise.LogCapture(level=logging.WARNING) as said:
            done = sender.notify(title=title, body=body)
        if not done:
            words = said.getvalue().strip().splitlines()
            raise Undelivered(words[-1][-REASON_LENGTH:] if words else "对方没有接收。")


def placeholders(url: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(url) if name is not None}


def channels_of(urls: list[str]) -> list[Channel]:
    """Raises ImproperlyConfigured where an address has a placeholder that nobody fills in."""
    for url in urls:
        try:
            unknown: Any = placeholders(url) - PLACEHOLDERS
        except ValueError as error:
            raise ImproperlyConfigured("NOTICE_DIGEST_URLS 中的花括号不成对。") from error
        if unknown:
            raise ImproperlyConfigured("NOTICE_DIGEST_URLS 中只能用 {number}（工号）和 {phone}（手机号）。")
    return [Channel(url) for url in urls]
