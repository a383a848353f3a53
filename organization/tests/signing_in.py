"""Somebody who logs in, and how much work the passwords made."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, make_password

from organization.models import Cadre
from organization.tests.factories import CadreFactory

PASSWORD = "Lanting-3-yue"


class CountingHasher(MD5PasswordHasher):
    encoded = 0

    def encode(self, password, salt):
        CountingHasher.encoded += 1
        return super().encode(password, salt)


@pytest.fixture
def cadre() -> Cadre:
    return CadreFactory(employee_number="Ab012", name="沈知微", password=make_password(PASSWORD))
