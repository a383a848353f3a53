"""Which forms take text and which do not, area by area; the test of kept forms visits every page named here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from activities.tests.asking import a_questionnaire
from activities.tests.factories import CallFactory, with_sign_up
from activities.tests.feedback_rows import progress_meeting, replied
from activities.tests.media import a_photograph
from organization.models import Cadre
from organization.roles import Role
from organization.tests.factories import CadreFactory
from reading.models import Difference, PlanItem
from reading.tests.acquisitions import a_donation, a_suggestion, inspected
from reading.tests.factories import CopyFactory, PlanFactory, lend, reader
from shuxiang.tests import activity_addresses, reading_addresses
from shuxiang.tests.area_pages import AreaPage
from shuxiang.tests.reading_addresses.stocktakes import a_compared_stocktake
from shuxiang.tests.typed_forms import Visit
from submissions.kinds import Kind
from submissions.models import Attachment, Contributor, Submission
from submissions.states import State
from submissions.tests.factories import SubmissionFactory, name


@dataclass(frozen=True)
class Area:
    """`in_a_state` visits those pages whose forms show in a certain state alone; `never_kept` says why."""

    pages: dict[str, AreaPage]
    in_a_state: Callable[[], Iterator[Visit]]
    buttons: set[str]
    never_kept: dict[str, str] = field(default_factory=dict)


def of_activities() -> Iterator[Visit]:
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


def of_reading() -> Iterator[Visit]:
    librarian = reader(Role.LIBRARIAN)
    for action in ("withdraw", "correct"):
        yield librarian, f"/books/copies/?action={action}&copy={CopyFactory().pk}"
    yield librarian, f"/spaces/{CopyFactory().home_id}/move/"
    yield librarian, f"/counter/?person={lend(CopyFactory(), reader()).borrower_id}"
    stocktake = a_compared_stocktake(librarian)["stocktake_id"]
    Difference.objects.create(kind="unknown", barcode="X2", stocktake_id=stocktake)
    yield librarian, f"/stocktakes/{stocktake}/differences/"
    yield librarian, f"/donations/{a_donation().pk}/"
    yield librarian, f"/donations/{inspected(a_donation(), librarian).pk}/"
    item = PlanItem.objects.create(plan=PlanFactory(owner=librarian), title="论语", done_on=date(2024, 3, 1))
    yield librarian, f"/plans/{item.plan_id}/complete/"
    a_suggestion()
    yield librarian, "/renewal/planner/"


def a_work(viewer: Cadre, **columns: Any) -> dict[str, Any]:
    return {"work_id": SubmissionFactory(people=[viewer], **columns).pk}


def a_draft(viewer: Cadre) -> dict[str, Any]:
    return a_work(viewer, state=State.DRAFT, entered_by=viewer)


def a_recommendation(viewer: Cadre) -> dict[str, Any]:
    return a_work(viewer, kind=Kind.RECOMMENDATION)


def a_recitation(viewer: Cadre) -> dict[str, Any]:
    return a_work(viewer, kind=Kind.RECITATION)


def an_idea(viewer: Cadre) -> dict[str, Any]:
    """Somebody else's: the office carries it on."""
    return a_work(reader(), kind=Kind.IDEA)


def waiting_work() -> Submission:
    """Of somebody of the department, with a member who has not answered in time."""
    author = reader()
    department = author.postings.get().department
    work = SubmissionFactory(people=[author], kind=Kind.RECITATION)
    row = name(work, CadreFactory(department=department), 1, Contributor.State.NAMED)
    Contributor.objects.filter(pk=row.pk).update(asked_at=timezone.now() - timedelta(days=60))
    return work


def of_works() -> Iterator[Visit]:
    work = waiting_work()
    department = work.contributors.get(position=0).cadre.postings.get().department
    yield CadreFactory(roles=[Role.LIAISON], department=department), f"/works/{work.pk}/confirm/"
    office = reader(Role.OFFICE)
    yield office, f"/works/{an_idea(office)['work_id']}/"


def a_role(viewer: Cadre) -> dict[str, Any]:
    return {"role": Attachment.Role.COVER.value}


WORKS = {
    "work_choice": AreaPage(),
    "work_new": AreaPage(arguments=lambda viewer: {"kind": Kind.ESSAY.value}),
    "new_work_file": AreaPage(method="post", arguments=a_role),
    "work": AreaPage(arguments=a_work),
    "work_edit": AreaPage(arguments=a_draft),
    "work_discard": AreaPage(arguments=a_draft),
    "work_withdraw": AreaPage(arguments=a_work),
    "work_confirm": AreaPage(arguments=a_recitation),
    "work_members": AreaPage(arguments=a_recitation),
    "work_step": AreaPage(method="post", arguments=an_idea),
    "work_consent": AreaPage(method="post", arguments=a_work),
    "work_suggest": AreaPage(method="post", arguments=a_recommendation),
    "work_compare": AreaPage(arguments=a_work),
    "work_file": AreaPage(method="post", arguments=lambda viewer: a_work(viewer) | a_role(viewer)),
    "work_books": AreaPage(),
    "admin:submissions_submission_review": AreaPage(arguments=lambda viewer: a_work(reader())),
}
AREAS = {
    "activities": Area(
        activity_addresses.PAGES,
        of_activities,
        never_kept={
            "questionnaire_answer": "Answers stand nowhere beside a person.",
            "feedback_new": "The words may be anonymous.",
            "feedback_receipt": "The receipt code is the key to anonymous words.",
        },
        # They take no text: buttons, ticks, files.
        buttons={
            "activity_state", "calendar_renew", "feedback_step", "material_remove", "question_remove", "question_step",
            "series_cancel", "series_generate", "series_pause", "sign_up", "sign_up_cancel", "theme_close",
            "activity_photographs", "activity_photograph_remove", "attendance", "questionnaire_open",
        },
    ),
    "reading": Area(
        reading_addresses.PAGES,
        of_reading,
        never_kept={
            "counter": "The scanner's field: the browser's own queue keeps what was scanned and sends it again.",
            "stocktake_scan": "The scanner's field, as at the counter.",
        },
        # The labels' forms are sent by GET.
        buttons={
            "labels", "labels_places", "book_cover", "book_hold", "copy_borrow", "copy_return", "counter_undo",
            "difference_undo", "digital_check", "hold_cancel", "loan_remind", "loan_renew", "loans_forget",
            "photograph_remove", "plan_book", "stocktake_compare", "stocktake_count", "stocktake_finish",
            "stocktake_start", "stocktake_unscan", "suggestion_vote",
        },
    ),
    "works": Area(
        WORKS,
        of_works,
        buttons={"new_work_file", "work_consent", "work_discard", "work_file", "work_suggest"},
    ),
}  # fmt: skip
