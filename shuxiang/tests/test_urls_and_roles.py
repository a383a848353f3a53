"""Every URL with every role, generated from the URLconf; a URL without an entry fails."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from organization.models import Cadre
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau

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


def test_every_url_is_listed_here():
    assert set(names()) - set(PAGES) - PUBLIC - ELSEWHERE - model_names() == set()


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
    """403 where somebody may look at the model, a redirect away where the row is not in sight."""
    url = reverse(f"admin:{label.replace('.', '_')}_delete", args=[people[Role.CADRE].pk])
    assert set(statuses(client, people, url).values()) <= {302, 403}


@pytest.mark.parametrize("label", sorted(MODELS))
@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_ids_that_do_not_exist_lead_away(label, page, client, people):
    url = reverse(f"admin:{label.replace('.', '_')}_{page}", args=["987654"])
    assert set(statuses(client, people, url).values()) <= {302, 403}
