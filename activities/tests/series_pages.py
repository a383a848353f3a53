"""The pages of series as the office opens them, for tests."""

import re

import pytest

from organization.models import Cadre
from organization.roles import Role
from organization.tests.factories import CadreFactory, bureau

FORM = {
    "version": "1", "title": "读书沙龙", "category": "读书分享会", "pattern": "quarterly",
    "last_week": "last_saturday",
    "month_of_quarter": "2", "nth": "-1", "weekday": "3", "month": "4", "day": "23", "days": "1", "day_type": "work",
    "shift": "later", "since": "2026-01-01", "until": "", "starts_at": "14:30", "ends_at": "16:00", "venue": "三楼",
    "department": "", "organiser": "", "description": "", "sign_up": "open", "capacity": "30", "for_office": "on",
}  # fmt: skip


@pytest.fixture
def clerk(client) -> Cadre:
    """Of the root's office, signed in."""
    found = CadreFactory(roles=[Role.OFFICE], department=bureau())
    client.force_login(found)
    return found


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
