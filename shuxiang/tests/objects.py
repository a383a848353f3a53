"""The addresses of stored rows, for tests that visit every page; a pattern missing here fails."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.urls import reverse

from activities.models import CalendarAddress
from assessment.models import Period, PersonResult
from notices.models import Notice
from organization.models import RegisterImport
from organization.services.register_kinds import KINDS
from shuxiang.tests.activity_addresses import PAGES as ACTIVITIES
from shuxiang.tests.addresses import addresses
from shuxiang.tests.area_pages import stored_addresses
from shuxiang.tests.reading_addresses import PAGES as READING
from submissions.kinds import Kind
from submissions.models import Attachment, Submission
from submissions.states import State


def admin_rows() -> Iterator[str]:
    for model in admin.site._registry:
        for row in model._default_manager.all()[:1]:
            for page in ("change", "history", "delete"):
                yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=[row.pk])


def of(model: Any, name: str) -> Callable[[], Iterator[str]]:
    def found() -> Iterator[str]:
        for row in model.objects.all()[:1]:
            yield reverse(name, args=[row.pk])

    return found


def works(name: str, **chosen: Any) -> Callable[[], Iterator[str]]:
    """One work of each kind, since each has a page of its own look."""

    def found() -> Iterator[str]:
        for kind in Kind.values:
            for work in Submission.objects.filter(kind=kind, **chosen).order_by("-pk")[:1]:
                yield reverse(name, args=[work.pk])

    return found


def periods(name: str) -> Callable[[], Iterator[str]]:
    """The page of the latest quarter and of the latest year, with a person and a department that it lists."""

    def found() -> Iterator[str]:
        codes = Period.objects.filter(assessed_at__isnull=False).order_by("-code").values_list("code", flat=True)
        chosen = [[code for code in codes if len(code) == length][:1] for length in (6, 4)]
        for code in [*chosen[0], *chosen[1]]:
            arguments: dict[str, Any] = {"code": code}
            person = PersonResult.objects.filter(period=code).order_by("position").first()
            if person is not None and name == "appraisal_person":
                arguments["cadre_id"] = person.cadre_id
            if person is not None and name == "appraisal_department":
                arguments["department_id"] = person.department_id
            if name == "appraisal_export_file":
                arguments["export_id"] = "00000000-0000-0000-0000-000000000000"
            yield reverse(name, kwargs=arguments)

    return found


APPRAISAL = (
    "appraisal", "appraisal_run", "appraisal_progress", "appraisal_people", "appraisal_person", "appraisal_department",
    "appraisal_entries", "appraisal_works", "appraisal_workbook", "appraisal_export", "appraisal_export_progress",
    "appraisal_export_file",
)  # fmt: skip
IMPORTS = "admin:organization_registerimport"
OBJECT_PAGES: dict[str, Callable[[], Iterator[str]]] = {
    **{name: periods(name) for name in APPRAISAL},
    "work": works("work"),
    "work_new": lambda: (reverse("work_new", args=[kind]) for kind in Kind.values),
    "work_edit": works("work_edit"),
    **{
        f"work_{page}": works(f"work_{page}")
        for page in ("discard", "withdraw", "confirm", "members", "step", "consent", "compare", "suggest")
    },
    "new_work_file": lambda: (reverse("new_work_file", args=[role]) for role in Attachment.Role.values),
    "work_file": lambda: (
        reverse("work_file", args=[work.pk, role])
        for work in Submission.objects.order_by("-pk")[:1]
        for role in Attachment.Role.values
    ),
    "admin:submissions_submission_review": works("admin:submissions_submission_review", state=State.PENDING),
    **{name: stored_addresses(name, page) for name, page in {**READING, **ACTIVITIES}.items() if page.stored},
    "notice_open": of(Notice, "notice_open"),
    "calendar_feed": lambda: (reverse("calendar_feed", args=[row.secret]) for row in CalendarAddress.objects.all()[:1]),
    **{name: of(Attachment, name) for name in ("media", "media_original", "media_status")},
    f"{IMPORTS}_template": lambda: (reverse(f"{IMPORTS}_template", args=[key]) for key in KINDS if KINDS[key].specs),
    f"{IMPORTS}_file": of(RegisterImport, f"{IMPORTS}_file"),
    f"{IMPORTS}_refused": of(RegisterImport, f"{IMPORTS}_refused"),
    "admin:view_on_site": lambda: iter([reverse("admin:view_on_site", args=[1, 1])]),
    "admin:app_list": lambda: (
        reverse("admin:app_list", args=[label])
        for label in sorted({model._meta.app_label for model in admin.site._registry})
    ),
}


def of_the_admin(name: str) -> bool:
    return name.startswith("admin:") and name.endswith(("_change", "_history", "_delete"))


def missing() -> list[str]:
    return [
        address.name
        for address in addresses()
        if address.arguments and address.name not in OBJECT_PAGES and not of_the_admin(address.name)
    ]


def object_addresses() -> list[str]:
    assert missing() == []
    return [*admin_rows(), *(url for found in OBJECT_PAGES.values() for url in found())]
