"""Copies of a scheme: one per quarter, made by the root's office."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from assessment.models import Scheme
from assessment.services.copying import copy_scheme
from organization.services.roles import NotAllowed
from organization.tests.county import County
from shuxiang.periods import parse_quarter

pytestmark = pytest.mark.django_db
Q1 = parse_quarter("2024Q1")


def test_two_copies_in_a_row_take_effect_one_after_the_other():
    scheme = Scheme.objects.get()
    copies = [copy_scheme(scheme=scheme, current=Q1) for _ in range(3)]
    assert [copy.effective_from for copy in copies] == ["2024Q2", "2024Q3", "2024Q4"]


def test_only_the_roots_office_copies():
    county = County()
    scheme = Scheme.objects.get()
    for actor in (county.clerk, county.colleague):
        with pytest.raises(NotAllowed, match="只有根单位的办公室"):
            copy_scheme(scheme=scheme, current=Q1, actor=actor)
    assert copy_scheme(scheme=scheme, current=Q1, actor=county.head).version == 2


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_four_copies_at_once_are_four_versions(seeds):
    scheme = Scheme.objects.get()

    def copy(_) -> int:
        try:
            return copy_scheme(scheme=scheme, current=Q1).version
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(copy, range(4))) == [2, 3, 4, 5]
