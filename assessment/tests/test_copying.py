"""Copies of a scheme: one per quarter, made by the root's office."""

import pytest

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
