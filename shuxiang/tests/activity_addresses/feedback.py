"""The box, the findings and the progress meetings."""

from typing import Any

from activities.models import Activity, Feedback, Finding
from activities.tests.feedback_rows import a_finding, person, progress_meeting, replied, sent
from organization.models import Cadre
from organization.roles import Role
from shuxiang.tests.area_pages import OFFICE, AreaPage, stored

FOLLOWERS = frozenset({Role.OFFICE, Role.LEADER})


def a_message(viewer: Cadre) -> dict[str, Any]:
    """Somebody else's."""
    return {"feedback_id": sent(person()).feedback.pk}


def own_answered(viewer: Cadre) -> dict[str, Any]:
    return {"feedback_id": replied(viewer).feedback.pk}


def a_problem(viewer: Cadre) -> dict[str, Any]:
    return {"finding_id": a_finding().pk}


def a_meeting(viewer: Cadre) -> dict[str, Any]:
    return {"activity_id": progress_meeting().pk}


MESSAGE = {"arguments": a_message, "stored": stored(Feedback, "feedback_id"), "readers": FOLLOWERS}
FINDING = {"arguments": a_problem, "stored": stored(Finding, "finding_id"), "readers": FOLLOWERS}
MEETING = {"arguments": a_meeting, "stored": stored(Activity, "activity_id")}
PAGES: dict[str, AreaPage] = {
    "feedback_list": AreaPage(),
    "feedback_new": AreaPage(),
    "feedback_receipt": AreaPage(),
    "feedback": AreaPage(**MESSAGE),
    "feedback_step": AreaPage(method="post", **MESSAGE),
    "feedback_reply": AreaPage(method="post", **MESSAGE),
    "feedback_ask": AreaPage(method="post", arguments=own_answered, stored=stored(Feedback, "feedback_id")),
    "findings": AreaPage(),
    "finding_new": AreaPage(status=302),
    "findings_workbook": AreaPage(readers=FOLLOWERS),
    "finding": AreaPage(**FINDING),
    "finding_assign": AreaPage(method="post", **FINDING),
    "finding_reply": AreaPage(method="post", **FINDING),
    "finding_progress": AreaPage(method="post", **FINDING),
    "finding_decide": AreaPage(method="post", **FINDING),
    "meeting": AreaPage(readers=FOLLOWERS, **MEETING),
    "meeting_review": AreaPage(method="post", status=302, readers=OFFICE, **MEETING),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    "activities.feedback": (set(OFFICE), set()),
    "activities.finding": (set(OFFICE), set()),
}
