"""Who opens the pages in the tests of the reading room."""

import pytest

from organization.models import Cadre
from organization.roles import Role
from reading.tests.factories import reader


@pytest.fixture
def librarian(client, db) -> Cadre:
    """Signed in."""
    found = reader(Role.LIBRARIAN)
    client.force_login(found)
    return found
