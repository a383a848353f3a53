"""What somebody typed outlives the session: every form of the activities that takes text, but those named here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse

from activities.tests.asking import a_questionnaire
from activities.tests.factories import CallFactory, with_sign_up
from activities.tests.feedback_rows import progress_meeting, replied
from activities.tests.media import a_photograph
from organization.models import Cadre
from organization.roles import Role
from organization.services.kept import WRITER
from reading.tests.factories import reader
from shuxiang.tests.activity_addresses import PAGES
from shuxiang.tests.addresses import read_out
from shuxiang.tests.area_pages import AreaPage

pytestmark = pytest.mark.django_db
TYPED = {"text", "textarea", "url", "number", "email", "tel"}
TEXT = "留存的字"
NEVER_KEPT = {
    "questionnaire_answer": "Answers stand nowhere beside a person.",
    "feedback_new": "The words may be anonymous.",
    "feedback_receipt": "The receipt code is the key to anonymous words.",
}
# They take no text: buttons, ticks, files.
BUTTONS = {
    "activity_state", "calendar_renew", "feedback_step", "material_remove", "question_remove", "question_step",
    "series_cancel", "series_generate", "series_pause", "sign_up", "sign_up_cancel", "theme_close",
    "activity_photographs", "activity_photograph_remove", "attendance", "questionnaire_open",
}  # fmt: skip


@dataclass
class Form:
    """Of one page, as its viewer has it: what it sends, and which of it is typed."""

    viewer: Cadre
    page: str
    address: str
    values: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return resolve(self.address).view_name


class Forms(HTMLParser):
    """The forms of a page that are sent by POST."""

    def __init__(self, viewer: Cadre, page: str, html: str) -> None:
        super().__init__()
        self.viewer, self.page = viewer, page
        self.found: list[Form] = []
        self.is_inside = False
        self.elsewhere: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.is_inside = (given.get("method") or "get").lower() == "post"
            if self.is_inside:
                address = urlsplit(urljoin(self.page, given.get("action") or "")).path
                self.found.append(Form(self.viewer, self.page, address))
        elif tag == "button" and self.is_inside and given.get("formaction"):
            self.elsewhere.add(urlsplit(urljoin(self.page, given["formaction"])).path)
        elif tag in ("input", "textarea") and self.is_inside and given.get("name"):
            kind = "textarea" if tag == "textarea" else given.get("type") or "text"
            if kind in TYPED:
                self.found[-1].typed.add(given["name"])
            elif kind == "hidden":
                self.found[-1].values[given["name"]] = given.get("value") or ""

    def handle_endtag(self, tag):
        """A button may send the same fields elsewhere."""
        if tag == "form" and self.is_inside:
            form = self.found[-1]
            addresses = self.elsewhere - {form.address}
            self.found += [Form(form.viewer, form.page, each, form.values, form.typed) for each in sorted(addresses)]
            self.elsewhere.clear()
        if tag == "form":
            self.is_inside = False


def visits() -> Iterator[tuple[Cadre, str]]:
    """Every page of the matrix, by who does most there, and those whose forms show in a certain state alone."""
    for name, page in PAGES.items():
        if page.method == "get":
            viewer = reader(next(role for role in (Role.OFFICE, Role.CADRE, Role.LEADER) if role in page.readers))
            yield viewer, reverse(name, kwargs=page.arguments(viewer))
    office = reader(Role.OFFICE)
    yield office, f"/calls/{CallFactory().pk}/state/?action=cancel"
    yield office, f"/activities/{with_sign_up().pk}/registrations/?q={reader().employee_number}"
    yield office, f"/findings/new/?activity={progress_meeting().pk}"
    yield office, f"/questionnaires/{a_questionnaire().pk}/"
    author = reader()
    yield author, f"/feedback/{replied(author).feedback.pk}/"
    organiser = reader()
    shown = a_photograph(with_sign_up(organiser=organiser)).activity
    yield organiser, f"/activities/{shown.pk}/photographs/"


@pytest.fixture
def forms(client, seeds) -> list[Form]:
    found = []
    for viewer, page in visits():
        client.force_login(viewer)
        response = client.get(page)
        read_out(response)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            found += Forms(viewer, page, response.content.decode()).found
    return [form for form in found if form.name in PAGES]


def is_kept(form: Form) -> bool:
    return WRITER in form.values and re.fullmatch(settings.KEPT_FORMS, form.address) is not None


def lost(forms: list[Form]) -> set[str]:
    return {form.name for form in forms if form.typed and not is_kept(form)}


def test_every_form_that_takes_text_is_kept_or_named_here(forms, settings):
    assert lost(forms) == set(NEVER_KEPT)
    settings.KEPT_FORMS = settings.KEPT_FORMS.replace("|step", "")
    assert lost(forms) == {*NEVER_KEPT, "questionnaire_step"}


def test_every_address_that_takes_a_form_was_looked_at_and_gives_its_text_back(client, forms):
    """One whose form never shows is no button before somebody says so."""
    posted = {name for name, page in PAGES.items() if takes_a_form(client, name, page)}
    assert posted - {form.name for form in forms if form.typed} == BUTTONS
    for form in forms:
        if form.typed and is_kept(form):
            client.logout()
            client.post(form.address, form.values | dict.fromkeys(form.typed, TEXT))
            client.force_login(form.viewer)
            assert TEXT in client.get(form.page).content.decode(), form.name


def takes_a_form(client: Client, name: str, page: AreaPage) -> bool:
    address = reverse(name, kwargs=page.arguments(reader(Role.OFFICE)))
    return "POST" in client.options(address).headers.get("Allow", "")
