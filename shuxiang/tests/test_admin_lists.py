"""The admin's lists: the same number of queries for 1 and 30 rows, only rows in scope, Chinese throughout."""

import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from assessment.kinds import FactKind
from assessment.models import PartyGroupResult, Period, Quota, Rule, Scheme
from organization.models import Cadre, DepartmentKind, Leave, PartyGroup, PartyMembership, Posting
from organization.roles import Role
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import SHANGHAI
from shuxiang.tests.pages import words_of
from shuxiang.tests.queries import queries
from shuxiang.tests.rows import make_results, make_row
from shuxiang.tests.test_pages_markup import Page, inline_code
from submissions.models import Contributor, Decision, Submission, Version
from submissions.states import Action, State
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
EVERY_MODEL = pytest.mark.parametrize(
    "model", sorted(admin.site._registry, key=lambda model: model._meta.label), ids=str
)


def viewer_of(model_admin) -> Role:
    return [*model_admin.editors, *model_admin.viewers][0]


def list_of(model, client) -> str:
    """The address of the model's list with a row in it, for somebody logged in who may look."""
    client.force_login(CadreFactory(roles=[viewer_of(admin.site._registry[model])], department=bureau()))
    make_row(0)
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def asked(client, url) -> int:
    ContentType.objects.clear_cache()
    return queries(client, url)


@EVERY_MODEL
def test_a_list_asks_as_much_for_30_rows_as_for_1(model, client):
    url = list_of(model, client)
    first = asked(client, url)
    for number in range(1, 30):
        make_row(number)
    assert asked(client, url) == first


@EVERY_MODEL
def test_lists_search_filter_and_speak_chinese(model, client):
    model_admin = admin.site._registry[model]
    url = list_of(model, client)
    assert client.get(url, {"q": "读后"}).status_code == 200
    assert model_admin.search_fields
    assert not model._meta.verbose_name.isascii()
    fields = [field for field in model._meta.concrete_fields if field.name in model_admin.list_display]
    assert [field.name for field in fields if str(field.verbose_name).isascii()] == []


@EVERY_MODEL
def test_what_no_database_can_look_up_is_a_wrong_address(model, client):
    """A number too large for its column, a year that no calendar has, a search of a thousand words."""
    model_admin = admin.site._registry[model]
    url = list_of(model, client)
    dated = model_admin.date_hierarchy or "id"
    for query in ({"id__in": "9" * 20}, {"id__exact": "9" * 20}, {f"{dated}__year": "0"}, {"q": "读 " * 1500}):
        page = client.get(url, query, follow=True)
        assert (page.status_code, "出错" in page.content.decode()) == (200, False), query


@EVERY_MODEL
def test_lists_carry_no_inline_code(model, client):
    """Also those without actions, for which Django's own page has a style element."""
    page = client.get(list_of(model, client))
    assert inline_code(Page(page.content.decode()).tags) == []


def test_the_desks_first_page_speaks_chinese_to_who_hears_it_too(client):
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=bureau()))
    page = client.get("/admin/").content.decode()
    heads = re.findall(r'<thead class="visually-hidden">.*?</thead>', page, re.DOTALL)
    assert {words_of(head) for head in heads} == {"名称 增加 修改或查看"}
    assert "查看" in page
    assert re.findall(r"[A-Z][a-z]+ [a-z]+", words_of(page[page.index('id="content"') :])) == []


def test_the_office_of_one_agency_sees_nothing_of_another(client):
    root = DepartmentFactory(name="县直机关工委", kind=DepartmentKind.GROUP)
    ours, theirs = (DepartmentFactory(parent=root, kind=DepartmentKind.AGENCY) for _ in range(2))
    clerk = CadreFactory(roles=[Role.OFFICE], department=ours)
    stranger = CadreFactory(name="外单位的人", department=theirs)
    work = SubmissionFactory(people=[stranger], title="外单位的作品")
    draft = SubmissionFactory(people=[CadreFactory(department=ours)], title="未交的草稿", state=State.DRAFT)
    period = Period.objects.create(code="2024Q1", assessed_at=datetime(2024, 4, 1, tzinfo=SHANGHAI))
    make_results(period, stranger, theirs)
    client.force_login(clerk)
    for name, text in [
        ("organization_cadre", stranger.name),
        ("submissions_submission", work.title),
        ("submissions_submission", draft.title),
        ("assessment_entry", stranger.name),
        ("assessment_personresult", stranger.name),
        ("assessment_departmentresult", theirs.name),
    ]:
        assert text not in client.get(reverse(f"admin:{name}_changelist")).content.decode()
    assert client.get(reverse("admin:submissions_submission_change", args=[work.pk])).status_code == 302
    assert client.get(reverse("admin:organization_cadre_change", args=[stranger.pk])).status_code == 302
    assert Submission.objects.count() == 2
    assert Contributor.objects.count() == 2


def many_rows(page: str, numbers: range):
    """The object of a change page, with one more row of each of its inlines per number."""
    if page == "submissions_submission":
        work = Submission.objects.first() or SubmissionFactory(content=False, state=State.APPROVED)
        for number in numbers:
            cadre, clerk = CadreFactory(), CadreFactory()
            Contributor.objects.create(submission=work, cadre=cadre, position=number, confirmed_by=clerk)
            Version.objects.get_or_create(submission=work, number=number + 1, defaults={"title": "读后"})
            Decision.objects.create(submission=work, actor=clerk, action=Action.APPROVE, to_state=State.APPROVED)
        return work
    if page == "organization_cadre":
        cadre = Cadre.objects.filter(name="多行").first() or CadreFactory(name="多行")
        for number in numbers:
            span = {"since": date(2000 + number, 1, 1), "until": date(2000 + number, 12, 31)}
            Posting.objects.create(cadre=cadre, department=DepartmentFactory(parent=bureau()), **span)
            group = PartyGroup.objects.create(name=f"第{number}小组")
            PartyMembership.objects.create(cadre=cadre, party_group=group, **span)
            Leave.objects.create(cadre=cadre, category="病假", **span)
        return cadre
    scheme = Scheme.objects.get_or_create(version=9, defaults={"name": "新", "effective_from": "2030Q1"})[0]
    for number in numbers:
        Rule.objects.create(scheme=scheme, code=f"rule.{number}", kind="essay", grade="any", points=Decimal("1.00"))
    for kind in FactKind.values[: len(numbers) if numbers.start else 1]:
        Quota.objects.get_or_create(scheme=scheme, kind=kind, defaults={"cycle": Quota.Cycle.QUARTER})
    return scheme


@pytest.mark.parametrize("page", ["submissions_submission", "organization_cadre", "assessment_scheme"])
def test_a_change_page_asks_as_much_for_30_rows_as_for_1(page, client):
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=bureau()))
    row = many_rows(page, range(1))
    url = reverse(f"admin:{page}_change", args=[row.pk])
    first = asked(client, url)
    many_rows(page, range(1, 30))
    assert asked(client, url) == first


@pytest.mark.parametrize("page", ["submissions_submission", "organization_cadre", "assessment_scheme"])
def test_a_page_to_look_at_asks_as_much_for_30_rows_as_for_1(page, client):
    """The own person, a used scheme: nothing can be edited, the rows are shown all the same."""
    viewer = CadreFactory(roles=[Role.SECURITY if page == "organization_cadre" else Role.OFFICE], department=bureau())
    client.force_login(viewer)
    row = many_rows(page, range(1))
    if page == "assessment_scheme":
        Period.objects.create(code="2030Q1", state=Period.State.SEALED, scheme=row)
    url = reverse(f"admin:{page}_change", args=[row.pk])
    first = asked(client, url)
    many_rows(page, range(1, 30))
    assert asked(client, url) == first


def test_an_agencys_office_changes_no_scheme_and_sees_no_results_of_party_groups(client):
    county = County()
    scheme = Scheme.objects.get()
    row = {"listed": 1, "assessed": 1, "met": 1, "points": 0}
    PartyGroupResult.objects.create(period=Period.objects.create(code="2024Q1"), position=0, name="第一", **row)
    url = reverse("admin:assessment_scheme_change", args=[scheme.pk])
    results = reverse("admin:assessment_partygroupresult_changelist")
    for person, editable, shown in ((county.clerk, False, 0), (county.head, True, 1)):
        client.force_login(person)
        page = client.get(url).content.decode()
        assert ('name="name"' in page, 'name="rules-0-points"' in page) == (editable, editable)
        assert client.get(results).context["cl"].result_count == shown
        copy = {"action": "copy_to_next_version", "_selected_action": [scheme.pk]}
        client.post(reverse("admin:assessment_scheme_changelist"), copy)
        assert Scheme.objects.count() == 1 + editable


def test_the_second_of_two_tabs_on_a_scheme_is_told_even_where_only_a_rule_changed(client):
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=bureau()))
    scheme = many_rows("assessment_scheme", range(1))
    rule, quota = scheme.rules.get(), scheme.quotas.get()

    def send(points):
        typed = {"name": "新", "effective_from": "2030Q1", "grace_days": 10, "late_factor": "0.50", "note": ""}
        for prefix in ("quotas", "rules"):
            typed |= {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 1}
        of_quota = {"id": quota.pk, "scheme": scheme.pk, "kind": quota.kind, "cycle": "quarter", "required": 1}
        of_rule = {"id": rule.pk, "scheme": scheme.pk, "code": rule.code, "kind": "essay", "grade": "any"}
        typed |= {f"quotas-0-{key}": value for key, value in (of_quota | {"position": 0}).items()}
        typed |= {f"rules-0-{key}": value for key, value in (of_rule | {"points": points, "position": 0}).items()}
        typed["seen"] = scheme.changed_at.isoformat()
        return client.post(reverse("admin:assessment_scheme_change", args=[scheme.pk]), typed)

    assert send("2.00").status_code == 302
    late = send("3.00").content.decode()
    assert ("这条记录刚被别人修改过" in late, 'value="3.00"' in late) == (True, True)
    assert scheme.rules.get().points == Decimal("2.00")


@pytest.mark.parametrize("ticked", ["9" * 40, "x", "", "\x00", "-1"])
@pytest.mark.parametrize("model", [Scheme, Submission], ids=str)
def test_a_tick_that_is_no_row_ticks_nothing(model, ticked, client):
    url = list_of(model, client)
    action = admin.site._registry[model].actions[0]
    response = client.post(url, {"action": action, "index": "0", "_selected_action": ticked}, follow=True)
    assert response.status_code == 200
    assert "条目必须选中以对其进行操作" in response.content.decode()
