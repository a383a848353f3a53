"""Schemes: the default one, versions, and that a used one is never edited."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.urls import reverse

from assessment.kinds import FactKind
from assessment.models import Period, Quota, Rule, Scheme
from assessment.seeds import seed_default_scheme
from assessment.services.copying import copy_scheme
from assessment.services.schemes import NoScheme, for_engine, money, schemes_in_force
from assessment.tests.engine.build import DEFAULT
from organization.roles import Role
from organization.seeds import seed_roles
from organization.tests.factories import CadreFactory, bureau
from shuxiang.periods import parse_quarter

pytestmark = pytest.mark.django_db
Q1, Q2, Q3 = (parse_quarter(f"2024Q{number}") for number in (1, 2, 3))


@pytest.fixture
def scheme():
    return Scheme.objects.get()


@pytest.fixture
def clerk(client):
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=bureau()))
    return client


def test_the_default_scheme_is_that_of_the_rules(scheme):
    assert for_engine(scheme) == DEFAULT
    assert (scheme.grace_days, scheme.late_factor, scheme.ranks_for_everybody) == (10, Decimal("0.50"), False)


def test_seeding_again_changes_nothing(scheme):
    Rule.objects.filter(code="essay.base").update(points=Decimal("3.00"))
    before = list(Rule.objects.values())
    seed_default_scheme(Scheme, Quota, Rule)
    seed_roles(Group)
    assert list(Rule.objects.values()) == before
    assert Group.objects.count() == len(Role)


def test_the_latest_scheme_to_take_effect_is_in_force(scheme):
    newer, later = (
        Scheme.objects.create(version=version, name="新", effective_from=start)
        for version, start in ((2, "2024Q2"), (3, "2024Q4"))
    )
    assert schemes_in_force([Q1, Q2, Q3]) == {Q1: scheme, Q2: newer, Q3: newer}
    assert list(Scheme.objects.latest_first()) == [later, newer, scheme]


def test_two_schemes_never_begin_with_the_same_quarter(scheme):
    with pytest.raises(ValidationError, match="已有从这个季度起生效的方案"):
        Scheme(version=2, name="新", effective_from=scheme.effective_from).full_clean()


def test_a_quarter_without_a_scheme_says_so(scheme):
    Scheme.objects.update(effective_from="2024Q2")
    with pytest.raises(NoScheme, match="2024Q1 没有生效的方案"):
        schemes_in_force([Q1])


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-250, "-2.50"), (12345, "123.45")]
)
def test_money(cents, text):
    assert money(cents) == text


def test_a_copy_takes_effect_after_the_current_and_every_fixed_quarter(scheme):
    copy = copy_scheme(scheme=scheme, current=Q1)
    assert (copy.version, copy.effective_from) == (2, "2024Q2")
    assert for_engine(copy).rules == DEFAULT.rules
    assert for_engine(copy).quotas == DEFAULT.quotas
    Period.objects.create(code="2024Q3", state=Period.State.CLOSED, scheme=scheme)
    assert copy_scheme(scheme=scheme, current=Q1).effective_from == "2024Q4"


@pytest.mark.parametrize("state", [Period.State.CLOSED, Period.State.SEALED])
def test_a_used_scheme_is_read_only_at_the_desk(state, clerk, scheme):
    url = reverse("admin:assessment_scheme_change", args=[scheme.pk])
    assert 'name="name"' in clerk.get(url).content.decode()
    Period.objects.create(code="2024Q1", state=state, scheme=scheme)
    page = clerk.get(url).content.decode()
    assert 'name="name"' not in page
    assert "rules-0-points" not in page
    assert clerk.post(url, {"name": "改名"}).status_code == 403
    assert Scheme.objects.get().name == "书香机关积分方案"


def test_an_open_quarters_scheme_is_edited_at_the_desk(clerk, scheme):
    url = reverse("admin:assessment_scheme_change", args=[scheme.pk])
    Period.objects.create(code="2024Q1", scheme=scheme)
    assert 'name="rules-0-points"' in clerk.get(url).content.decode()


def test_the_desk_copies_a_scheme(clerk, scheme):
    data = {"action": "copy_to_next_version", "_selected_action": [scheme.pk]}
    response = clerk.post(reverse("admin:assessment_scheme_changelist"), data, follow=True)
    assert "已复制为" in response.content.decode()
    assert sorted(Scheme.objects.values_list("version", flat=True)) == [1, 2]


def test_a_scheme_cannot_be_slipped_under_a_closed_quarter(scheme):
    Period.objects.create(code="2024Q2", state=Period.State.CLOSED, scheme=scheme)
    draft = Scheme(version=2, name="新", effective_from="2024Q2")
    with pytest.raises(ValidationError, match="2024Q2 已公示或封存"):
        draft.full_clean()
    draft.effective_from = "2024Q3"
    draft.full_clean()


@pytest.mark.parametrize("text", ["2024", "2024q1", "2024Q5", "二季度", "0001Q1", "2024Q1 ", "２０２４Q1"])
def test_nonsense_is_no_quarter(text):
    with pytest.raises(ValidationError):
        Scheme(version=2, name="新", effective_from=text).full_clean()


@pytest.mark.parametrize(
    ("kind", "grade", "fits"),
    [
        ("essay", "excellent", True),
        ("essay", "city", False),
        ("publication", "city", True),
        ("publication", "good", False),
        ("attendance", "any", True),
        ("attendance", "good", False),
        ("plan", "pass", False),
    ],
)
def test_a_rule_names_only_grades_of_its_kind(kind, grade, fits, scheme):
    rule = Rule(scheme=scheme, code="new.rule", kind=kind, grade=grade, points=Decimal("1.00"))
    if fits:
        rule.full_clean()
    else:
        with pytest.raises(ValidationError, match="没有"):
            rule.full_clean()


def test_the_rule_editor_offers_no_clicks_and_says_why(clerk, scheme):
    page = clerk.get(reverse("admin:assessment_scheme_change", args=[scheme.pk])).content.decode()
    assert set(FactKind.values) == {
        "recitation", "essay", "recommendation", "creation", "idea", "attendance", "speaking", "plan", "publication",
    }  # fmt: skip
    assert "点赞、浏览、登录、在线时长不能作为得分依据" in page
