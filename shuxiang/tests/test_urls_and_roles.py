"""Every URL with every role, generated from the URLconf; a URL without an entry fails."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, include, path, reverse

from activities.models import Activity, Attendance
from assessment.models import Entry, Period, PersonResult
from organization.models import Cadre
from organization.roles import Role
from organization.tests.county import NO_ROWS, County
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.rows import make_results
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset(Role)
OFFICE, SYSTEM, SECURITY, AUDIT = ({role} for role in (Role.OFFICE, Role.SYSTEM, Role.SECURITY, Role.AUDIT))
DESK = OFFICE | SYSTEM | SECURITY | AUDIT

# Pages for signed-in people, and who may open them.
PAGES = {
    "home": EVERYBODY,
    "password": EVERYBODY,
    "admin:index": DESK,
    "admin:password_change": frozenset(),  # leads to the portal's own page
    "admin:password_change_done": DESK,
    "admin:jsi18n": DESK,
    "admin:autocomplete": DESK,
    "admin:view_on_site": DESK,
    "admin:app_list": DESK,
}
# Open without a log-in.
PUBLIC = {"login", "logout", "admin:login", "admin:logout"}
# Tested where their object is made (see the media view's own tests).
ELSEWHERE = {"media"}

# Model: (who looks, who adds). Nobody deletes.
MODELS = {
    "organization.cadre": (OFFICE | SECURITY, OFFICE),
    "organization.department": (OFFICE | SYSTEM, OFFICE),
    "organization.partygroup": (OFFICE, OFFICE),
    "organization.holiday": (OFFICE | SYSTEM, OFFICE | SYSTEM),
    "admin.logentry": (AUDIT, set()),
    "submissions.submission": (OFFICE, set()),
    "submissions.publication": (OFFICE, OFFICE),
    "submissions.decision": (OFFICE, set()),
    "activities.activity": (OFFICE, OFFICE),
    "activities.attendance": (OFFICE, OFFICE),
    "assessment.scheme": (OFFICE, set()),
    "assessment.period": (OFFICE, set()),
    "assessment.entry": (OFFICE, set()),
    "assessment.personresult": (OFFICE, set()),
    "assessment.departmentresult": (OFFICE, set()),
    "assessment.partygroupresult": (OFFICE, set()),
}


def names(patterns=None, prefix: str = "") -> Iterator[str]:
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names(pattern.url_patterns, space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield prefix + pattern.name


def model_names() -> set[str]:
    return {
        f"admin:{label.replace('.', '_')}_{page}"
        for label in MODELS
        for page in ("changelist", "add", "change", "delete", "history")
    }


def page_of_nobody(request):
    raise NotImplementedError


@pytest.fixture
def people() -> dict[Role, Cadre]:
    department = DepartmentFactory(parent=bureau())
    return {role: CadreFactory(roles=[role], department=department) for role in Role}


def statuses(client, people, url) -> dict[Role, int]:
    found = {}
    for role, cadre in people.items():
        client.force_login(cadre)
        found[role] = client.get(url).status_code
    return found


def unlisted(patterns=None) -> set[str]:
    return set(names(patterns)) - set(PAGES) - PUBLIC - ELSEWHERE - model_names()


def test_every_url_is_listed_here():
    assert unlisted() == set()


def test_a_planted_url_is_noticed():
    planted = [path("plain/", page_of_nobody, name="planted")]
    inside = [path("inside/", include((planted, "books")))]
    assert unlisted([*get_resolver().url_patterns, *planted, *inside]) == {"planted", "books:planted"}


def test_every_model_of_the_admin_is_listed_here():
    assert {model._meta.label_lower for model in admin.site._registry} == set(MODELS)


@pytest.mark.parametrize("name", sorted(set(PAGES) - {"admin:view_on_site", "admin:autocomplete", "admin:app_list"}))
def test_pages(name, client, people):
    url = reverse(name)
    assert client.get(url).status_code == 302
    for role, status in statuses(client, people, url).items():
        assert status == (200 if role in PAGES[name] else 302), role


@pytest.mark.parametrize("app", ["organization", "submissions", "activities", "assessment", "admin"])
def test_app_pages(app, client, people):
    viewers = set().union(*(look for label, (look, _) in MODELS.items() if label.startswith(f"{app}.")))
    url = reverse("admin:app_list", kwargs={"app_label": app})
    assert client.get(url).status_code == 302
    for role, status in statuses(client, people, url).items():
        assert status == (200 if role in viewers else 404 if role in DESK else 302), role


def test_autocomplete_of_people(client, people):
    url = reverse("admin:autocomplete")
    query = {"term": "", "app_label": "activities", "model_name": "attendance", "field_name": "cadre"}
    for role, cadre in people.items():
        client.force_login(cadre)
        status = client.get(url, query).status_code
        assert status == (200 if role in OFFICE | SECURITY else 403 if role in DESK else 302), role


def test_view_on_site_tells_nothing(client, people):
    url = reverse("admin:view_on_site", args=[1, 1])
    for role, status in statuses(client, people, url).items():
        assert status == (404 if role in DESK else 302), role


@pytest.mark.parametrize("label", sorted(MODELS))
def test_lists_and_add_pages(label, client, people):
    look, add = MODELS[label]
    stem = f"admin:{label.replace('.', '_')}"
    for page, allowed in (("changelist", look), ("add", add)):
        url = reverse(f"{stem}_{page}")
        client.logout()
        assert client.get(url).status_code == 302
        for role, status in statuses(client, people, url).items():
            assert status == (200 if role in allowed else 403 if role in DESK else 302), (page, role)


@pytest.mark.parametrize("label", sorted(MODELS))
def test_delete_pages_open_for_nobody(label, client, people):
    url = reverse(f"admin:{label.replace('.', '_')}_delete", args=[people[Role.CADRE].pk])
    assert statuses(client, people, url) == {role: 403 if role in DESK else 302 for role in Role}


@pytest.mark.parametrize("label", sorted(MODELS))
@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_ids_that_do_not_exist_lead_away(label, page, client, people):
    url = reverse(f"admin:{label.replace('.', '_')}_{page}", args=["987654"])
    led_away = {"change": MODELS[label][0], "history": DESK, "delete": set()}[page]
    expected = {role: 403 if role in DESK - set(led_away) else 302 for role in Role}
    assert statuses(client, people, url) == expected


# Model: role: (status of GET, status of an empty POST) of the own row, one of the same department, of another
# department of the agency, of another agency. Other roles of the desk: 403. Out of sight: 302 to the desk's start.
OWN_SAME_OTHER_FOREIGN = {
    "organization.cadre": {
        Role.OFFICE: ((200, 403), (200, 200), (200, 200), (302, 302)),
        Role.SECURITY: ((200, 403), (200, 200), (200, 200), (200, 200)),
    },
    "submissions.submission": {Role.OFFICE: ((200, 403), (200, 403), (200, 403), (302, 403))},
    "activities.attendance": {Role.OFFICE: ((200, 200), (200, 200), (200, 200), (302, 302))},
    "assessment.personresult": {Role.OFFICE: ((200, 403), (200, 403), (200, 403), (302, 403))},
    "assessment.entry": {Role.OFFICE: ((200, 403), (200, 403), (200, 403), (302, 403))},
}


def rows_of(person: Cadre, department, number: int) -> dict[str, Model]:
    """One row of each of these models that is about the person."""
    activity = Activity.objects.create(reference=f"HD{number}", title="读书日", date=date(2024, 3, 1))
    period = Period.objects.create(code=f"{2000 + number}Q1")
    make_results(period, person, department)
    return {
        "organization.cadre": person,
        "submissions.submission": SubmissionFactory(people=[person]),
        "activities.attendance": Attendance.objects.create(activity=activity, cadre=person),
        "assessment.personresult": PersonResult.objects.get(period=period),
        "assessment.entry": Entry.objects.get(period=period),
    }


@pytest.mark.parametrize("role", list(Role))
def test_own_same_other_and_foreign_rows(role, client):
    county = County()
    viewer = CadreFactory(roles=[role], department=county.office)
    other = DepartmentFactory(parent=county.ours)
    about = [(viewer, county.office), (county.colleague, county.office), (CadreFactory(department=other), other),
             (county.stranger, county.foreign_office)]  # fmt: skip
    rows = [rows_of(person, department, number) for number, (person, department) in enumerate(about)]
    client.force_login(viewer)
    for label, by_role in OWN_SAME_OTHER_FOREIGN.items():
        expected = by_role.get(role, ((403, 403) if role in DESK else (302, 302),) * 4)
        urls = [reverse(f"admin:{label.replace('.', '_')}_change", args=[each[label].pk]) for each in rows]
        found = tuple((client.get(url).status_code, client.post(url, NO_ROWS).status_code) for url in urls)
        assert found == expected, label


def test_a_filled_in_page_of_another_agency_changes_nothing(client):
    county = County()
    client.force_login(county.clerk)
    for row in (county.stranger, county.theirs, county.foreign_office, county.root):
        url = reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
        typed = {"name": "改名", "position": 0, "seen": row.changed_at.isoformat()}
        response = client.post(url, typed | NO_ROWS)
        assert (response.status_code, response.url) == (302, reverse("admin:index"))
        assert type(row).objects.filter(name="改名").count() == 0
