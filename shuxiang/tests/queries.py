"""How much a page asks of the database."""

from collections.abc import Mapping

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries(client: Client, address: str, asked: Mapping[str, object] | None = None) -> int:
    """How many queries it takes to open it; `asked` stands behind the question mark."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, asked).status_code == 200
    return len(captured)
