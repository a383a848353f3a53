"""The reading room's addresses and models: who may open them, and a stored row for each address that needs one.

One entry per address; the tests of every address, role and page read it.
"""

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
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
from shuxiang.tests.area_pages import OFFICE, AreaPage, stored
from shuxiang.uploads import random_name

LIBRARIANS = frozenset({Role.LIBRARIAN, Role.OFFICE})
RENEWAL = LIBRARIANS | {Role.LEADER}


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


def for_librarians(arguments: Any, stored: Any, method: str = "get", status: int = 200) -> AreaPage:
    return AreaPage(readers=LIBRARIANS, method=method, status=status, arguments=arguments, stored=stored)


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


PAGES: dict[str, AreaPage] = {
    "picture": AreaPage(arguments=a_picture, stored=stored(Picture, "picture_id")),
    # catalogue
    "books": AreaPage(),
    "book": AreaPage(arguments=a_book, stored=stored(Book, "book_id")),
    "book_isbn": AreaPage(),
    "book_new": AreaPage(readers=LIBRARIANS),
    "book_edit": AreaPage(readers=LIBRARIANS, arguments=a_book, stored=stored(Book, "book_id")),
    "book_copies": AreaPage(readers=LIBRARIANS, arguments=a_book, stored=stored(Book, "book_id")),
    "book_cover": AreaPage(readers=LIBRARIANS, arguments=a_book, stored=stored(Book, "book_id")),
    "copies": AreaPage(readers=LIBRARIANS, status=302),
    "labels": AreaPage(readers=LIBRARIANS),
    "labels_places": AreaPage(readers=LIBRARIANS),
    "books_workbook": AreaPage(readers=frozenset({Role.LIBRARIAN, Role.OFFICE})),
    # loans
    "counter": AreaPage(readers=LIBRARIANS),
    "counter_undo": AreaPage(readers=LIBRARIANS, method="post", status=302),
    "counter_overdue": AreaPage(readers=LIBRARIANS),
    "loans": AreaPage(),
    "loans_forget": AreaPage(),
    "loan_renew": AreaPage(method="post", status=302, arguments=own_loan, stored=stored(Loan, "loan_id")),
    "loan_remind": AreaPage(
        readers=LIBRARIANS, method="post", status=302, arguments=a_loan, stored=stored(Loan, "loan_id")
    ),
    "loan_end": AreaPage(
        readers=LIBRARIANS, method="post", status=302, arguments=a_loan, stored=stored(Loan, "loan_id")
    ),
    "copy_find": AreaPage(),
    "copy": AreaPage(arguments=a_copy, stored=stored(Copy, "barcode", "barcode")),
    "copy_borrow": AreaPage(method="post", status=302, arguments=a_copy, stored=stored(Copy, "barcode", "barcode")),
    "copy_return": AreaPage(method="post", status=302, arguments=own_copy, stored=stored(Copy, "barcode", "barcode")),
    "book_hold": AreaPage(
        method="post",
        status=302,
        arguments=lambda viewer: {"book_id": BookFactory().pk},
        stored=stored(Book, "book_id"),
    ),
    "hold_cancel": AreaPage(method="post", status=302, arguments=own_hold, stored=stored(Hold, "hold_id")),
    # places
    "spaces": AreaPage(),
    "space": AreaPage(arguments=a_space, stored=stored(Place, "space_id")),
    "space_new": AreaPage(readers=LIBRARIANS),
    "space_edit": for_librarians(a_space, stored(Place, "space_id")),
    "space_move": for_librarians(a_space, stored(Place, "space_id")),
    "space_photograph": for_librarians(a_space, stored(Place, "space_id")),
    "photograph_remove": for_librarians(a_picture, stored(Picture, "picture_id")),
    "projects": AreaPage(),
    "project": AreaPage(arguments=a_project, stored=stored(Project, "project_id")),
    "project_new": AreaPage(readers=LIBRARIANS),
    "project_edit": for_librarians(a_project, stored(Project, "project_id")),
    "project_photograph": for_librarians(a_project, stored(Project, "project_id")),
    # stocktake
    "stocktakes": AreaPage(readers=LIBRARIANS),
    "stocktake_start": AreaPage(readers=LIBRARIANS, method="post"),
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
    "digital": AreaPage(),
    "digital_new": AreaPage(readers=LIBRARIANS),
    "digital_resource": AreaPage(arguments=a_resource, stored=stored(DigitalResource, "resource_id")),
    "digital_edit": AreaPage(readers=LIBRARIANS, arguments=a_resource, stored=stored(DigitalResource, "resource_id")),
    "digital_open": AreaPage(status=302, arguments=a_resource, stored=stored(DigitalResource, "resource_id")),
    "digital_check": AreaPage(
        readers=LIBRARIANS,
        method="post",
        status=302,
        arguments=a_resource,
        stored=stored(DigitalResource, "resource_id"),
    ),
    # suggestions, donations, renewal
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
    # plans
    "plans": AreaPage(),
    "plan_new": AreaPage(),
    "plan": AreaPage(arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_edit": AreaPage(arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_complete": AreaPage(arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_confirm": AreaPage(readers=OFFICE, arguments=a_reported_plan, stored=stored(Plan, "plan_id")),
    "plan_revoke": AreaPage(readers=OFFICE, arguments=a_confirmed_plan, stored=stored(Plan, "plan_id")),
    "plan_step": AreaPage(method="post", status=302, arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_note": AreaPage(method="post", arguments=a_plan, stored=stored(Plan, "plan_id")),
    "plan_book": AreaPage(
        method="post",
        status=302,
        arguments=a_planned_book,
        stored=lambda: ({"plan_id": row.plan_id, "item_id": row.pk} for row in PlanItem.objects.all()[:1]),
    ),
    "leads": AreaPage(),
    "leads_print": AreaPage(),
    "lead_edit": AreaPage(
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
