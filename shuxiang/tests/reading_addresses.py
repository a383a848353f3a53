"""The reading room's addresses and models: who may open them, and a stored row for each address that needs one.

One entry per address; the tests of every address, role and page read it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from organization.models import Cadre
from organization.roles import Role
from reading.kinds import Visibility
from reading.models import (
    Book,
    Copy,
    Difference,
    DigitalResource,
    Donation,
    Hold,
    Lead,
    Loan,
    Picture,
    Place,
    Plan,
    PlanItem,
    Project,
    Stocktake,
    Suggestion,
)
from reading.states import PlanState
from reading.tests.acquisitions import a_donation, a_suggestion, accepted
from reading.tests.factories import (
    BookFactory,
    CopyFactory,
    DigitalResourceFactory,
    PlaceFactory,
    PlanFactory,
    lend,
    reader,
)
from shuxiang.uploads import random_name

EVERYBODY = frozenset(Role)
LIBRARIANS = frozenset({Role.LIBRARIAN, Role.OFFICE})
RENEWAL = LIBRARIANS | {Role.LEADER}
OFFICE = frozenset({Role.OFFICE})


@dataclass(frozen=True)
class ReadingPage:
    """`arguments` makes a row for the viewer and gives the address's arguments; others than `readers` get `refused`.

    `stored` gives the arguments of a row that there is already, for tests that visit every page of a filled portal.
    """

    readers: frozenset[Role] = EVERYBODY
    method: str = "get"
    status: int = 200
    refused: int = 404
    arguments: Callable[[Cadre], dict[str, Any]] = lambda viewer: {}
    stored: Callable[[], Iterator[dict[str, Any]]] | None = None


def a_picture(viewer: Cadre) -> dict[str, Any]:
    picture = Picture(original_name="照片", size=1, width=40, height=40, uploaded_by=viewer, created_at=timezone.now())
    picture.place = PlaceFactory()
    picture.file.save(random_name(None, ""), ContentFile(b"x"))
    return {"picture_id": picture.pk}


def a_book(viewer: Cadre) -> dict[str, Any]:
    return {"book_id": BookFactory().pk}


def a_copy(viewer: Cadre) -> dict[str, Any]:
    return {"barcode": CopyFactory().barcode}


def own_copy(viewer: Cadre) -> dict[str, Any]:
    return {"barcode": lend(CopyFactory(), viewer).copy.barcode}


def own_loan(viewer: Cadre) -> dict[str, Any]:
    return {"loan_id": lend(CopyFactory(), viewer).pk}


def a_loan(viewer: Cadre) -> dict[str, Any]:
    """Somebody else's."""
    return {"loan_id": lend(CopyFactory(), reader()).pk}


def own_hold(viewer: Cadre) -> dict[str, Any]:
    return {"hold_id": Hold.objects.create(book=BookFactory(), cadre=viewer, placed_at=timezone.now()).pk}


def a_space(viewer: Cadre) -> dict[str, Any]:
    return {"space_id": PlaceFactory().pk}


def a_project(viewer: Cadre) -> dict[str, Any]:
    return {"project_id": Project.objects.create(title="三楼阅览室改造").pk}


def a_stocktake(viewer: Cadre, state: str = "counting") -> dict[str, Any]:
    made = Stocktake.objects.create(place=PlaceFactory(), started_by=viewer, started_at=timezone.now(), state=state)
    if state == "compared":
        Stocktake.objects.filter(pk=made.pk).update(compared_at=timezone.now(), expected=0)
    return {"stocktake_id": made.pk}


def a_compared_stocktake(viewer: Cadre) -> dict[str, Any]:
    return a_stocktake(viewer, "compared")


def a_difference(viewer: Cadre) -> dict[str, Any]:
    arguments = a_compared_stocktake(viewer)
    row = Difference.objects.create(kind="unknown", barcode="X1", **arguments)
    return {**arguments, "difference_id": row.pk}


def stored_differences() -> Iterator[dict[str, Any]]:
    for row in Difference.objects.all()[:1]:
        yield {"stocktake_id": row.stocktake_id, "difference_id": row.pk}


def for_librarians(arguments: Any, stored: Any, method: str = "get", status: int = 200) -> ReadingPage:
    return ReadingPage(readers=LIBRARIANS, method=method, status=status, arguments=arguments, stored=stored)


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


def a_resource(viewer: Cadre) -> dict[str, Any]:
    return {"resource_id": DigitalResourceFactory().pk}


def a_plan(viewer: Cadre) -> dict[str, Any]:
    """One's own, open."""
    return {"plan_id": PlanFactory(owner=viewer).pk}


def a_planned_book(viewer: Cadre) -> dict[str, Any]:
    item = PlanItem.objects.create(plan=PlanFactory(owner=viewer), title="论语")
    return {"plan_id": item.plan_id, "item_id": item.pk}


def a_reported_plan(viewer: Cadre) -> dict[str, Any]:
    """A colleague's, which everybody may see."""
    seen = {"visibility": Visibility.EVERYBODY, "state": PlanState.COMPLETED, "completed_at": timezone.now()}
    return {"plan_id": PlanFactory(owner=reader(), **seen).pk}


def a_confirmed_plan(viewer: Cadre) -> dict[str, Any]:
    decided = {"confirmed_by": reader(), "confirmed_on": timezone.localdate()}
    seen = {"visibility": Visibility.EVERYBODY, "state": PlanState.CONFIRMED}
    return {"plan_id": PlanFactory(owner=reader(), **seen, **decided).pk}


def a_month(viewer: Cadre) -> dict[str, Any]:
    """Of the viewer, where that is a leader; else of a colleague."""
    leader = viewer if viewer.has_role(Role.LEADER) else reader(Role.LEADER)
    return {"leader_id": leader.pk, "year": 2024, "month": 3}


def stored(model: Any, argument: str, column: str = "pk") -> Callable[[], Iterator[dict[str, Any]]]:
    """The arguments of one row that there is."""
    return lambda: ({argument: getattr(row, column)} for row in model.objects.all()[:1])


PAGES: dict[str, ReadingPage] = {
    "picture": ReadingPage(arguments=a_picture, stored=stored(Picture, "picture_id")),
    # catalogue
    "books": ReadingPage(),
    "book": ReadingPage(arguments=a_book, stored=stored(Book, "book_id")),
    "book_isbn": ReadingPage(),
    "book_new": ReadingPage(readers=LIBRARIANS),
    "book_edit": ReadingPage(readers=LIBRARIANS, arguments=a_book, stored=stored(Book, "book_id")),
    "book_copies": ReadingPage(readers=LIBRARIANS, arguments=a_book, stored=stored(Book, "book_id")),
    "book_cover": ReadingPage(readers=LIBRARIANS, arguments=a_book, stored=stored(Book, "book_id")),
    "copies": ReadingPage(readers=LIBRARIANS, status=302),
    "labels": ReadingPage(readers=LIBRARIANS),
    "labels_places": ReadingPage(readers=LIBRARIANS),
    "books_workbook": ReadingPage(readers=frozenset({Role.LIBRARIAN, Role.OFFICE})),
    # loans
    "counter": ReadingPage(readers=LIBRARIANS),
    "counter_undo": ReadingPage(readers=LIBRARIANS, method="post", status=302),
    "counter_overdue": ReadingPage(readers=LIBRARIANS),
    "loans": ReadingPage(),
    "loans_forget": ReadingPage(),
    "loan_renew": ReadingPage(method="post", status=302, arguments=own_loan, stored=stored(Loan, "loan_id")),
    "loan_remind": ReadingPage(
        readers=LIBRARIANS, method="post", status=302, arguments=a_loan, stored=stored(Loan, "loan_id")
    ),
    "loan_end": ReadingPage(
        readers=LIBRARIANS, method="post", status=302, arguments=a_loan, stored=stored(Loan, "loan_id")
    ),
    "copy_find": ReadingPage(),
    "copy": ReadingPage(arguments=a_copy, stored=stored(Copy, "barcode", "barcode")),
    "copy_borrow": ReadingPage(method="post", status=302, arguments=a_copy, stored=stored(Copy, "barcode", "barcode")),
    "copy_return": ReadingPage(
        method="post", status=302, arguments=own_copy, stored=stored(Copy, "barcode", "barcode")
    ),
    "book_hold": ReadingPage(
        method="post",
        status=302,
        arguments=lambda viewer: {"book_id": BookFactory().pk},
        stored=stored(Book, "book_id"),
    ),
    "hold_cancel": ReadingPage(method="post", status=302, arguments=own_hold, stored=stored(Hold, "hold_id")),
    # places
    "spaces": ReadingPage(),
    "space": ReadingPage(arguments=a_space, stored=stored(Place, "space_id")),
    "space_new": ReadingPage(readers=LIBRARIANS),
    "space_edit": for_librarians(a_space, stored(Place, "space_id")),
    "space_move": for_librarians(a_space, stored(Place, "space_id")),
    "space_photograph": for_librarians(a_space, stored(Place, "space_id")),
    "photograph_remove": for_librarians(a_picture, stored(Picture, "picture_id")),
    "projects": ReadingPage(),
    "project": ReadingPage(arguments=a_project, stored=stored(Project, "project_id")),
    "project_new": ReadingPage(readers=LIBRARIANS),
    "project_edit": for_librarians(a_project, stored(Project, "project_id")),
    "project_photograph": for_librarians(a_project, stored(Project, "project_id")),
    # stocktake
    "stocktakes": ReadingPage(readers=LIBRARIANS),
    "stocktake_start": ReadingPage(readers=LIBRARIANS, method="post"),
    "stocktake": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id")),
    "stocktake_live": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id")),
    "stocktake_scan": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id"), "post"),
    "stocktake_unscan": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id"), "post", 302),
    "stocktake_list": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id")),
    "stocktake_compare": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id"), "post", 302),
    "stocktake_count": for_librarians(a_compared_stocktake, stored(Stocktake, "stocktake_id"), "post", 302),
    "stocktake_finish": for_librarians(a_compared_stocktake, stored(Stocktake, "stocktake_id"), "post", 302),
    "stocktake_report": for_librarians(a_compared_stocktake, stored(Stocktake, "stocktake_id")),
    "stocktake_workbook": for_librarians(a_compared_stocktake, stored(Stocktake, "stocktake_id")),
    "stocktake_differences": for_librarians(a_compared_stocktake, stored(Stocktake, "stocktake_id")),
    "difference_resolve": for_librarians(a_difference, stored_differences, "post"),
    "difference_undo": for_librarians(a_difference, stored_differences, "post", 302),
    # digital resources
    "digital": ReadingPage(),
    "digital_new": ReadingPage(readers=LIBRARIANS),
    "digital_resource": ReadingPage(arguments=a_resource, stored=stored(DigitalResource, "resource_id")),
    "digital_edit": ReadingPage(
        readers=LIBRARIANS, arguments=a_resource, stored=stored(DigitalResource, "resource_id")
    ),
    "digital_open": ReadingPage(status=302, arguments=a_resource, stored=stored(DigitalResource, "resource_id")),
    "digital_check": ReadingPage(
        readers=LIBRARIANS,
        method="post",
        status=302,
        arguments=a_resource,
        stored=stored(DigitalResource, "resource_id"),
    ),
    # suggestions, donations, renewal
    "suggestions": ReadingPage(),
    "suggestion_new": ReadingPage(),
    "suggestion": ReadingPage(arguments=a_suggestion_of, stored=stored(Suggestion, "suggestion_id")),
    "suggestion_edit": ReadingPage(arguments=an_own_suggestion, stored=stored(Suggestion, "suggestion_id")),
    "suggestion_vote": ReadingPage(
        method="post", status=302, arguments=a_suggestion_of, stored=stored(Suggestion, "suggestion_id")
    ),
    "suggestion_decide": ReadingPage(
        LIBRARIANS, "post", arguments=a_suggestion_of, stored=stored(Suggestion, "suggestion_id")
    ),
    "suggestion_buy": ReadingPage(
        LIBRARIANS, "post", arguments=a_suggestion_of, stored=stored(Suggestion, "suggestion_id")
    ),
    "donations": ReadingPage(),
    "donation_new": ReadingPage(),
    "donation": ReadingPage(LIBRARIANS, arguments=a_donation_of_another, stored=stored(Donation, "donation_id")),
    "donation_step": ReadingPage(
        LIBRARIANS, "post", 409, arguments=a_donation_of_another, stored=stored(Donation, "donation_id")
    ),
    "donation_certificate": ReadingPage(
        LIBRARIANS, arguments=a_certificate_of_another, stored=stored(Donation, "donation_id")
    ),
    "renewal": ReadingPage(RENEWAL, arguments=a_year, stored=this_year),
    "renewal_titles": ReadingPage(
        RENEWAL,
        arguments=lambda viewer: {**a_year(viewer), "part": "new"},
        stored=lambda: ({**each, "part": "new"} for each in this_year()),
    ),
    "renewal_workbook": ReadingPage(RENEWAL, arguments=a_year, stored=this_year),
    "renewal_planner": ReadingPage(LIBRARIANS),
    "buying_list": ReadingPage(LIBRARIANS),
    # plans
    "plans": ReadingPage(),
    "plan_new": ReadingPage(),
    "plan": ReadingPage(arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_edit": ReadingPage(arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_complete": ReadingPage(arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_confirm": ReadingPage(readers=OFFICE, arguments=a_reported_plan, stored=stored(Plan, "plan_id")),
    "plan_revoke": ReadingPage(readers=OFFICE, arguments=a_confirmed_plan, stored=stored(Plan, "plan_id")),
    "plan_step": ReadingPage(method="post", status=302, arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_note": ReadingPage(method="post", arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_book": ReadingPage(
        method="post",
        status=302,
        arguments=a_planned_book,
        stored=lambda: ({"plan_id": row.plan_id, "item_id": row.pk} for row in PlanItem.objects.all()[:1]),
    ),
    "leads": ReadingPage(),
    "leads_print": ReadingPage(),
    "lead_edit": ReadingPage(
        readers=OFFICE | {Role.LEADER},
        arguments=a_month,
        stored=lambda: (
            {"leader_id": row.leader_id, "year": row.month.year, "month": row.month.month}
            for row in Lead.objects.all()[:1]
        ),
    ),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    # catalogue
    "reading.subjectarea": ({*LIBRARIANS}, {*LIBRARIANS}),
    "reading.book": ({*LIBRARIANS}, {*LIBRARIANS}),
    "reading.copy": ({*LIBRARIANS}, set()),
    "reading.copyevent": ({*LIBRARIANS}, set()),
    # loans
    "reading.lendingpolicy": (set(LIBRARIANS), set()),
    "reading.closedday": (set(LIBRARIANS), set(LIBRARIANS)),
    "reading.loan": (set(LIBRARIANS), set()),
    "reading.hold": (set(LIBRARIANS), set()),
    # places
    "reading.place": (set(LIBRARIANS), set(LIBRARIANS)),
    "reading.project": (set(LIBRARIANS), set(LIBRARIANS)),
    # stocktake
    "reading.stocktake": (set(LIBRARIANS), set()),
    "reading.difference": (set(LIBRARIANS), set()),
    # digital resources
    "reading.digitalresource": (set(LIBRARIANS), set(LIBRARIANS)),
    # suggestions, donations
    "reading.suggestion": (set(LIBRARIANS), set()),
    "reading.suggestionevent": (set(LIBRARIANS), set()),
    "reading.donation": (set(LIBRARIANS), set()),
    "reading.donationevent": (set(LIBRARIANS), set()),
    # plans
    "reading.plan": (set(OFFICE), set()),
    "reading.lead": (set(OFFICE), set(OFFICE)),
}


def stored_addresses(name: str) -> Callable[[], Iterator[str]]:
    """The addresses of stored rows, for `shuxiang.tests.objects`."""

    def found() -> Iterator[str]:
        page = PAGES[name]
        assert page.stored is not None, f"{name} needs a stored row"
        yield from (reverse(name, kwargs=arguments) for arguments in page.stored())

    return found
