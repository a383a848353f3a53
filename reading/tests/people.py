"""Who opens the pages in the tests of the reading room, and what people are told."""

import pytest

from notices.models import Notice
from organization.models import Cadre
from organization.roles import Role
from reading.tests.factories import reader


@pytest.fixture
def librarian(client, db) -> Cadre:
    """Signed in."""
    found = reader(Role.LIBRARIAN)
    client.force_login(found)
    return found


@pytest.fixture(params=[Role.LIBRARIAN, Role.OFFICE])
def clerk(request, client, db) -> Cadre:
    """Each of those who keep the catalogue at the desk, signed in."""
    found = reader(request.param)
    client.force_login(found)
    return found


def subjects(cadre: Cadre) -> list[str]:
    """What the person was told, the oldest first."""
    return list(Notice.objects.of(cadre).order_by("pk").values_list("subject", flat=True))
