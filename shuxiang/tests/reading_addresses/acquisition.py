from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from organization.models import Cadre
from organization.roles import Role
from reading.models import Donation, Suggestion
from reading.tests.acquisitions import a_donation, a_suggestion, accepted
from shuxiang.tests.area_pages import LIBRARIANS, AreaPage, stored

RENEWAL = LIBRARIANS | {Role.LEADER}


def a_suggestion_of(viewer: Cadre) -> dict[str, Any]:
    return {"suggestion_id": a_suggestion().pk}


def an_own_suggestion(viewer: Cadre) -> dict[str, Any]:
    return {"suggestion_id": a_suggestion(viewer).pk}


def a_donation_of_another(viewer: Cadre) -> dict[str, Any]:
    return {"donation_id": a_donation().pk}


def a_certificate_of_another(viewer: Cadre) -> dict[str, Any]:
    return {"donation_id": accepted().pk}


def a_year(viewer: Cadre) -> dict[str, Any]:
    return {"year": timezone.localdate().year}


def this_year() -> Iterator[dict[str, Any]]:
    yield {"year": timezone.localdate().year}


PAGES: dict[str, AreaPage] = {
    "suggestions": AreaPage(),
    "suggestion_new": AreaPage(),
    "suggestion": AreaPage(arguments=a_suggestion_of, stored=stored(Suggestion, "suggestion_id")),
    "suggestion_edit": AreaPage(arguments=an_own_suggestion, stored=stored(Suggestion, "suggestion_id")),
    "suggestion_vote": AreaPage(
        method="post", status=302, arguments=a_suggestion_of, stored=stored(Suggestion, "suggestion_id")
    ),
    "suggestion_decide": AreaPage(
        LIBRARIANS, "post", arguments=a_suggestion_of, stored=stored(Suggestion, "suggestion_id")
    ),
    "suggestion_buy": AreaPage(
        LIBRARIANS, "post", arguments=a_suggestion_of, stored=stored(Suggestion, "suggestion_id")
    ),
    "donations": AreaPage(),
    "donation_new": AreaPage(),
    "donation": AreaPage(LIBRARIANS, arguments=a_donation_of_another, stored=stored(Donation, "donation_id")),
    "donation_step": AreaPage(
        LIBRARIANS, "post", 409, arguments=a_donation_of_another, stored=stored(Donation, "donation_id")
    ),
    "donation_certificate": AreaPage(
        LIBRARIANS, arguments=a_certificate_of_another, stored=stored(Donation, "donation_id")
    ),
    "renewal": AreaPage(RENEWAL, arguments=a_year, stored=this_year),
    "renewal_titles": AreaPage(
        RENEWAL,
        arguments=lambda viewer: {**a_year(viewer), "part": "new"},
        stored=lambda: ({**each, "part": "new"} for each in this_year()),
    ),
    "renewal_workbook": AreaPage(RENEWAL, arguments=a_year, stored=this_year),
    "renewal_planner": AreaPage(LIBRARIANS),
    "buying_list": AreaPage(LIBRARIANS),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    "reading.suggestion": (set(LIBRARIANS), set()),
    "reading.suggestionevent": (set(LIBRARIANS), set()),
    "reading.donation": (set(LIBRARIANS), set()),
    "reading.donationevent": (set(LIBRARIANS), set()),
}
