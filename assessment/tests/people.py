"""Somebody in service, for tests of what a run counts."""

import pytest

from organization.models import Cadre
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau


@pytest.fixture
def cadre() -> Cadre:
    found: Cadre = CadreFactory(department=DepartmentFactory(parent=bureau()))
    return found
