"""What every page has to get right, whatever it shows; and what no template may contain."""

import re
from collections import Counter
from datetime import date
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from assessment.tests.offices import Office
from organization.models import Cadre
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.own_years import make_entry, make_result
from submissions.models import Attachment, Decision, Version
from submissions.states import State
from submissions.tests.factories import SubmissionFactory

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Opened from a disk, without the portal around it, so it carries its own styles.
STANDS_ALONE = {"organization/password_slips.html"}
SHEET_NAMES = (
    "portal", "pieces", "works", "forms", "boards", "reading", "activities", "questionnaires", "print",
)  # fmt: skip
SHEETS = [f"/static/{name}.css" for name in SHEET_NAMES]
UNLABELLED = {"hidden", "submit", "button"}


class Page(HTMLParser):
    """Start tags with their attributes, in order."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]

    def faults(self) -> list[str]:
        found = []
        if [each.get("lang") for each in self.all("html")] != ["zh-CN"]:
            found.append("html without lang")
        for name in ("title", "h1", "main"):
            if len(self.all(name)) != 1:
                found.append(f"{len(self.all(name))} <{name}>")
        labelled = {each.get("for") for each in self.all("label")}
        for field in self.all("input", "select", "textarea"):
            if field.get("type") not in UNLABELLED and field.get("id") not in labelled and "aria-label" not in field:
                found.append(f"{field.get('name')} without a label")
        ids = Counter(each["id"] for _, each in self.tags if "id" in each)
        found += [f"id {name} {count} times" for name, count in ids.items() if count > 1]
        for _, attributes in self.tags:
            for reference in ("for", "aria-labelledby", "aria-describedby"):
                named = (attributes.get(reference) or "").split()
                found += [f"{reference} names no element: {name}" for name in named if name not in ids]
        for form in self.all("form"):
            if form.get("method", "get").lower() == "post" and not self.all("input"):
                found.append("a form without a token")
        return found + inline_code(self.tags)


def inline_code(tags: list[tuple[str, dict[str, str | None]]]) -> list[str]:
    """What a strict content security policy refuses, and what the intranet cannot fetch."""
    found = [f"<{tag}>" for tag, attributes in tags if tag == "style" or (tag == "script" and "src" not in attributes)]
    for tag, attributes in tags:
        found += [f"{tag} {name}" for name in attributes if name == "style" or name.startswith("on")]
        addresses = [attributes.get(name) or "" for name in ("src", "href", "action", "srcset")]
        found += [address for address in addresses if re.match(r"\s*(https?:|//|javascript:|data:)", address)]
    return found


@pytest.fixture
def cadre() -> Cadre:
    department = DepartmentFactory(name="秘书科", parent=bureau())
    return CadreFactory(roles=[Role.CADRE, Role.OFFICE], department=department, password=make_password("Lanting-3-yue"))


def log_in_page(client, cadre):
    return client.get("/login/?next=/password/"), 200


def log_in_refused(client, cadre):
    return client.post("/login/", {"username": "", "password": "x"}), 200


def me_empty(client, cadre):
    client.force_login(cadre)
    return client.get("/me/"), 200


def me_full(client, cadre):
    make_result(cadre, "2024Q3", note="由信息中心调入")
    make_result(cadre, "2024")
    make_result(cadre, "2024Q2", status="exempt", note="请假：在岗 3/91 天")
    make_entry(cadre, "2024Q3", date=date(2024, 8, 1))
    for number, state in enumerate(State):
        made = {"state": state, "credit_date": date(2024, 8, 1 + number), "title": "《论语》" * number + "读后"}
        SubmissionFactory(people=[cadre], **made)
    client.force_login(cadre)
    return client.get("/me/?year=2024"), 200


def work_page(client, cadre):
    work = SubmissionFactory(people=[cadre, CadreFactory()], state=State.APPROVED)
    version = Version.objects.create(submission=work, number=2, title="改过的题目", body="一。\n二。", reason="好。")
    for role in Attachment.Role:
        attachment = Attachment(version=version, role=role, original_name="原件", size=1, sha256="0" * 64)
        attachment.file.save("x", ContentFile(b"x"))
    Decision.objects.create(submission=work, actor=cadre, action="return", to_state="returned", reason="请补末段。")
    client.force_login(cadre)
    return client.get(f"/works/{work.pk}/"), 200


def logout_asked(client, cadre):
    client.force_login(cadre)
    return client.get("/logout/"), 200


def password_page(client, cadre):
    client.force_login(cadre)
    return client.get("/password/"), 200


def password_first(client, cadre):
    client.force_login(CadreFactory(must_change_password=True))
    return client.get("/password/"), 200


def password_refused(client, cadre):
    client.force_login(cadre)
    return client.post("/password/", {"old_password": "x", "new_password1": "y", "new_password2": "z"}), 200


def after_logging_out(client, cadre):
    client.force_login(cadre)
    return client.post("/logout/", follow=True), 200


def bad_request(client, cadre):
    return client.get("/", headers={"host": "elsewhere.example"}), 400


def forbidden(client, cadre):
    client.force_login(CadreFactory())
    return client.get("/admin/login/"), 403


def not_found(client, cadre):
    client.force_login(cadre)
    return client.get("/nothing/"), 404


def token_missing(client, cadre):
    return Client(enforce_csrf_checks=True).post("/login/", {"username": "a", "password": "b"}), 403


def desk(client, cadre):
    client.force_login(cadre)
    return client.get("/admin/"), 200


def results_pages(*addresses):
    """Pages of leaders and office, each with something on it."""

    def page(client, cadre, address):
        office = Office().assess()
        client.force_login(office.clerk)
        return client.get(address.format(person=office.best.pk, department=office.root.pk)), 200

    return [partial(page, address=address) for address in addresses]


def nothing_assessed(client, cadre):
    client.force_login(cadre)
    return client.get("/board/"), 200


def not_computed(client, cadre):
    client.force_login(cadre)
    return client.get("/appraisal/2024Q2/"), 200


PAGES = [log_in_page, log_in_refused, me_empty, me_full, password_page, password_first, password_refused]
PAGES += [work_page, logout_asked, after_logging_out, bad_request, forbidden, not_found, token_missing]
PAGES += [nothing_assessed, not_computed]
PAGES += results_pages(
    "/board/",
    "/board/?group=党小组",
    "/appraisal/2024Q2/",
    "/appraisal/2024Q2/people/",
    "/appraisal/2024Q2/people/{person}/",
    "/appraisal/2024Q2/departments/{department}/",
    "/appraisal/2024Q2/entries/",
    "/appraisal/2024Q2/works/",
)


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_every_page(client, cadre, page):
    response, status = page(client, cadre)
    assert response.status_code == status
    assert Page(response.content.decode()).faults() == []


@pytest.mark.django_db
def test_error_pages_say_what_to_do_in_chinese(client, cadre):
    for page, words in ((bad_request, "从首页重新进入"), (forbidden, "安全管理员"), (not_found, "核对网址")):
        assert words in page(client, cadre)[0].content.decode()
    assert "页面已过期" in token_missing(client, cadre)[0].content.decode()


def test_the_page_of_a_failure_needs_no_database_and_no_manifest(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert Page(response.content.decode()).faults() == []
    assert "/static/portal.css" in response.content.decode()


def styles_of(page: Page) -> list[str]:
    return [each["href"] for each in page.all("link") if each.get("rel") == "stylesheet"]


@pytest.mark.django_db
def test_the_portals_sheets_come_last_and_in_their_order(client, cadre):
    """A later sheet has the last word over an earlier one, and each over Bootstrap's."""
    assert styles_of(Page(log_in_page(client, cadre)[0].content.decode()))[1:] == SHEETS


@pytest.mark.django_db
def test_the_desk_wears_the_portal_and_leads_to_its_pages(client, cadre):
    page = Page(desk(client, cadre)[0].content.decode())
    styles = styles_of(page)
    assert styles[-2:] == ["/static/desk.css", "/static/review.css"]
    assert [each for each in styles if each in SHEETS] == SHEETS
    assert {"/", "/password/"} <= {each.get("href") for each in page.all("a")}
    assert [each["action"] for each in page.all("form") if each.get("id") == "logout-form"] == ["/logout/"]
    assert len(page.all("h1")) == 1


@pytest.mark.parametrize("path", sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")))
def test_every_template(path):
    source = (TEMPLATES / path).read_text(encoding="utf-8")
    found = inline_code(Page(re.sub(r"{%.*?%}|{#.*?#}", "", source)).tags)
    assert [fault for fault in found if not (path in STANDS_ALONE and fault == "<style>")] == []
    assert re.findall(r"https?://(?!www\.w3\.org/)", source) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("", "0 <h1>"),
        ("<h1></h1><h1></h1>", "2 <h1>"),
        ('<h1></h1><input name="a" id="a">', "a without a label"),
        ('<h1 id="a"></h1><p id="a"></p>', "id a 2 times"),
        ('<h1 aria-labelledby="b"></h1>', "aria-labelledby names no element: b"),
        ('<h1></h1><form method="post"></form>', "a form without a token"),
        ('<h1 style="x"></h1>', "h1 style"),
        ('<h1 onclick="x"></h1>', "h1 onclick"),
        ("<h1></h1><script>x</script>", "<script>"),
        ("<h1></h1><style></style>", "<style>"),
        ('<h1></h1><img src="//cdn.example/a.png">', "//cdn.example/a.png"),
    ],
)
def test_the_check_notices_a_fault(body, fault):
    assert Page(f'<html lang="zh-CN"><title></title><main>{body}</main>').faults() == [fault]


def test_the_check_notices_a_page_in_another_language():
    assert Page('<html lang="en"><title></title><main><h1></h1></main>').faults() == ["html without lang"]
