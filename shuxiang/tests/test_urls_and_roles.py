"""Every URL with every role, generated from the URLconf; a URL without an entry fails."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.urls import URLPattern, URLResolver, get_resolver, include, path, reverse

from assessment.models import AssessmentRun, ExportRun, JobState
from assessment.tests.offices import PERIOD, Office
from organization.models import Cadre
from organization.roles import Role
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests import activity_addresses, reading_addresses
from shuxiang.tests.addresses import read_out
from shuxiang.tests.neighbours import AUDIT, DESK, OBJECTS, OFFICE, SECURITY, SYSTEM
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset(Role)

# Pages for signed-in people, and who may open them.
PAGES = {
    "me": EVERYBODY,
    "work_choice": EVERYBODY,
    "work_books": EVERYBODY,
    "notices": EVERYBODY,
    "showcase": EVERYBODY,
    "password": EVERYBODY,
    "recording_help": EVERYBODY,
    "admin:index": DESK,
    "admin:password_change": frozenset(),  # leads to the portal's own page
    "admin:password_change_done": DESK,
    "admin:jsi18n": DESK,
    "admin:autocomplete": DESK,
    "admin:view_on_site": DESK,
    "admin:app_list": DESK,
}
# Open without a log-in.
PUBLIC = {"home", "login", "logout", "admin:login", "admin:logout", "type"}
# Office and leaders see them, a stranger gets 404: {name: (method, status for whom it is)}.
READERS = frozenset({Role.OFFICE, Role.LEADER})
APPRAISAL = {
    "board": ("get", 200),
    "appraisal": ("get", 200),
    "appraisal_run": ("post", 302),
    "appraisal_progress": ("get", 302),
    "appraisal_people": ("get", 200),
    "appraisal_person": ("get", 200),
    "appraisal_department": ("get", 200),
    "appraisal_entries": ("get", 200),
    "appraisal_works": ("get", 200),
    "appraisal_workbook": ("get", 200),
    "appraisal_export": ("post", 302),
    "appraisal_export_progress": ("get", 302),
    "appraisal_export_file": ("get", 200),
}
# Tested where their object is made (see the tests of these views).
ELSEWHERE = {
    "work_new",
    "new_work_file",
    "work_file",
    "work_step",
    "work_consent",
    "work_suggest",
    "department",
    "department_remind",
    "calendar_feed",
    "notice_open",
    "notices_read",
    "admin:organization_holiday_import",
    "admin:organization_registerimport_template",
    "admin:organization_registerimport_file",
    "admin:organization_registerimport_refused",
}
# Pages of the review desk, which is the office's alone: status of GET for it. Other roles of the desk get 403.
REVIEW_DESK = {"admin:submissions_submission_queue": 200, "admin:submissions_submission_bulk": 302}

# Model: (who looks, who adds). Nobody deletes.
MODELS = {
    "organization.cadre": (OFFICE | SECURITY, OFFICE),
    "organization.department": (OFFICE | SYSTEM, OFFICE),
    "organization.partygroup": (OFFICE, OFFICE),
    "organization.holiday": (OFFICE | SYSTEM, OFFICE | SYSTEM),
    "organization.lock": (SECURITY, set()),
    "organization.accessevent": (AUDIT, set()),
    "organization.registerimport": (OFFICE | {Role.LIBRARIAN}, OFFICE | {Role.LIBRARIAN}),
    "admin.logentry": (AUDIT, set()),
    "notices.digest": (SYSTEM | AUDIT, set()),
    "submissions.submission": (OFFICE, set()),
    "submissions.publication": (OFFICE, OFFICE),
    "submissions.decision": (OFFICE, set()),
    "submissions.reasontemplate": (OFFICE, OFFICE),
    "assessment.scheme": (OFFICE, set()),
    "assessment.period": (OFFICE, set()),
    "assessment.entry": (OFFICE, set()),
    "assessment.personresult": (OFFICE, set()),
    "assessment.departmentresult": (OFFICE, set()),
    "assessment.partygroupresult": (OFFICE, set()),
    **reading_addresses.MODELS,
    **activity_addresses.MODELS,
}


def names(patterns=None, prefix: str = "") -> Iterator[str]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
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
    listed = (
        {*PAGES, *REVIEW_DESK, *APPRAISAL, *OBJECTS, *reading_addresses.PAGES, *activity_addresses.PAGES}
        | PUBLIC
        | ELSEWHERE
        | model_names()
    )
    return set(names(patterns)) - listed


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


@pytest.mark.parametrize("name", sorted(REVIEW_DESK))
def test_the_review_desk_is_the_offices(name, client, people):
    url = reverse(name)
    assert client.get(url).status_code == 302
    for role, status in statuses(client, people, url).items():
        assert status == (REVIEW_DESK[name] if role in OFFICE else 403 if role in DESK else 302), role
        assert client.post(url).status_code in (302, 403, 405)


@pytest.mark.parametrize("role", list(Role))
def test_works_at_the_review_desk(role, client):
    """Own, same department, another department: seen. Another agency: not found."""
    county = County()
    viewer = CadreFactory(roles=[role], department=county.office)
    people = [viewer, county.colleague, CadreFactory(department=DepartmentFactory(parent=county.ours)), county.stranger]
    works = [SubmissionFactory(people=[person]) for person in people]
    client.force_login(viewer)
    expected = (200, 200, 200, 404) if role in OFFICE else (403 if role in DESK else 302,) * 4
    for send in (client.get, client.post):
        urls = [reverse("admin:submissions_submission_review", args=[work.pk]) for work in works]
        assert tuple(send(url).status_code for url in urls) == expected


@pytest.mark.parametrize("name", sorted(APPRAISAL))
def test_pages_of_the_appraisal(name, client):
    """Every role of the bureau, and an office that has no part in it."""
    office = Office().assess()
    people = {role: CadreFactory(roles=[role], department=office.office) for role in Role}
    AssessmentRun.objects.create(period_code=PERIOD)
    method, expected = APPRAISAL[name]
    for role, cadre in [*people.items(), (None, None)]:
        export = ExportRun.objects.create(period_code=PERIOD, requested_by=cadre, state=JobState.DONE, file="nothing")
        if name == "appraisal_export_file":
            export.file.save("workbook.xlsx", ContentFile(b"workbook"))
        arguments = {
            "board": {},
            "appraisal_person": {"code": PERIOD, "cadre_id": office.best.pk},
            "appraisal_department": {"code": PERIOD, "department_id": office.law.pk},
            "appraisal_export_file": {"code": PERIOD, "export_id": export.pk},
        }.get(name, {"code": PERIOD})
        client.force_login(cadre) if cadre else client.logout()
        response = getattr(client, method)(reverse(name, kwargs=arguments))
        read_out(response)
        assert response.status_code == (302 if cadre is None else expected if role in READERS else 404), role
        if cadre is None:
            assert response.url.startswith("/login/")


@pytest.mark.parametrize(
    "app", ["organization", "notices", "submissions", "activities", "reading", "assessment", "admin"]
)
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
