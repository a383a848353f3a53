"""Suggestions and donations for tests, made by the services that make them."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from organization.models import Cadre
from organization.roles import Role
from reading.models import Donation, Place, Suggestion
from reading.services.donating import Finding, Offered, accept, inspect, offer
from reading.services.suggesting import suggest
from reading.tests.factories import PlaceFactory, reader
from shuxiang.periods import SHANGHAI

NOW = datetime(2026, 3, 9, 10, tzinfo=SHANGHAI)
TODAY = date(2026, 3, 9)
ISBN, OTHER = "9787101003048", "9787208171336"


def a_suggestion(by: Cadre | None = None, title: str = "读者想要的书", **columns: Any) -> Suggestion:
    return suggest(by=by or reader(), title=title, now=NOW, **columns).suggestion


def a_donation(
    by: Cadre | None = None, titles: tuple[str, ...] = ("论语译注",), count: int = 1, **columns: Any
) -> Donation:
    items = [Offered(title, count=count) for title in titles]
    return offer(by=by or reader(), items=items, now=NOW, **columns)


def inspected(donation: Donation, by: Cadre, accepted: int = 1) -> Donation:
    found = {item.pk: Finding(accepted, "good" if accepted else "") for item in donation.items.all()}
    inspect(donation=donation, findings=found, by=by, now=NOW)
    donation.refresh_from_db()
    return donation


def accepted(by: Cadre | None = None, home: Place | None = None, **columns: Any) -> Donation:
    librarian = reader(Role.LIBRARIAN)
    donation = inspected(a_donation(by, **columns), librarian)
    accept(donation=donation, home=home or PlaceFactory(), accepted_on=TODAY, by=librarian, now=timezone.now())
    donation.refresh_from_db()
    return donation


def make_acquisition_row(cadre: Cadre) -> None:
    a_suggestion(cadre)
    a_donation(cadre)
