"""The counter as a librarian uses it, for tests."""

import re

import pytest

from organization.models import Cadre
from reading.services.listing import told_apart
from reading.tests.rooms import NOW
from shuxiang.tests.test_pages_markup import Page


class Counter:
    """The page as a librarian uses it: every scan is sent with what the page holds."""

    def __init__(self, client, room) -> None:
        self.client, self.room = client, room
        client.force_login(room.librarian)
        self.html = client.get("/counter/").content.decode()

    def kept(self, name: str) -> str:
        return re.search(f'name="{name}" value="([^"]*)" form="scan-form"', self.html)[1]

    def scan(self, text: str) -> str:
        """What the page says to it."""
        sent = {"scan": text, "person": self.kept("person"), "mode": self.kept("mode")}
        answer = self.client.post("/counter/", sent, follow=True)
        assert answer.status_code == 200
        self.html = answer.content.decode()
        assert Page(self.html).faults() == []
        return re.search(r'<div class="outcome".*?</div>', self.html, re.DOTALL)[0]


def known(cadre: Cadre) -> str:
    return told_apart(cadre, NOW.date())


@pytest.fixture
def counter(client, room) -> Counter:
    return Counter(client, room)
