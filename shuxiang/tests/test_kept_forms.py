"""What somebody typed outlives the session: every form of these areas that takes text, but those named beside them."""

from urllib.parse import urlsplit

import pytest
from django.http import QueryDict

from shuxiang.tests.kept_areas import AREAS
from shuxiang.tests.typed_forms import Form, forms_on, taking_forms, visits_to

pytestmark = pytest.mark.django_db
TEXT = "留存的字"


@pytest.fixture(params=sorted(AREAS))
def area(request):
    return AREAS[request.param]


@pytest.fixture
def forms(client, seeds, area) -> list[Form]:
    found = forms_on(client, [*area.in_a_state(), *visits_to(area.pages)])
    return [form for form in found if form.name in area.pages]


def lost(forms: list[Form]) -> set[str]:
    return {form.name for form in forms if form.typed and not form.is_kept}


def test_every_form_that_takes_text_is_kept_or_named(area, forms, settings):
    assert lost(forms) == set(area.never_kept)
    settings.KEPT_FORMS = "/nothing/"
    assert lost(forms) == {form.name for form in forms if form.typed}


def test_every_address_that_takes_a_form_was_looked_at_and_gives_its_text_back(client, area, forms):
    """One whose form never shows is no button before somebody says so."""
    assert taking_forms(client, area.pages) - {form.name for form in forms if form.typed} == area.buttons
    for form in forms:
        if form.typed and form.is_kept:
            client.logout()
            typed = typed_into(form)
            client.post(form.address, form.values | typed)
            client.force_login(form.viewer)
            assert missing(typed, client.get(form.page)) == set(), form.name


def test_from_a_refused_form_the_log_in_leads_to_the_page_that_gives_its_text_back(client, forms):
    """It was shown again at the address to which it had been sent, which may show nothing by itself."""
    for form in forms:
        if form.typed and form.is_kept:
            client.logout()
            sent, typed = f"{form.address}?{form.query}" if form.query else form.address, typed_into(form)
            log_in = client.post(sent, form.values | typed, headers={"referer": f"http://testserver{sent}"}).url
            client.force_login(form.viewer)
            page = client.get(QueryDict(urlsplit(log_in).query)["next"], follow=True)
            assert (page.status_code, missing(typed, page)) == (200, set()), form.name


def typed_into(form: Form) -> dict[str, str]:
    return {name: f"{TEXT}{place:03}" for place, name in enumerate(sorted(form.typed))}


def missing(typed: dict[str, str], page) -> set[str]:
    text = page.content.decode()
    return {name for name, each in typed.items() if each not in text}
