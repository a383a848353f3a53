"""Who opens the pages in the tests of activities."""

import pytest

from organization.models import Cadre
from organization.roles import Role
from reading.tests.factories import reader


@pytest.fixture
def office(client, db) -> Cadre:
    """A clerk of the root's office, signed in."""
    found = reader(Role.OFFICE)
    client.force_login(found)
    return found
