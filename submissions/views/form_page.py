"""The page of a work's form: what it shows of the draft, its files and their limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from organization.desk import signed_in
from organization.models import Cadre
from organization.services.kept import sign_writer
from shuxiang.uploads import accept, hint
from submissions.forms.work_form import WorkForm
from submissions.forms.works import FORMS, stored_values
from submissions.kinds import Kind
from submissions.models import Attachment, Submission, Version
from submissions.services.contents import FILES, NEEDED, TEXTS, Content, missing_from
from submissions.services.differences import compare
from submissions.services.drafting import newest
from submissions.services.people import circle_of
from submissions.services.processing import most_bytes
from submissions.states import State


def form_of(
    viewer: Cadre,
    kind: Kind,
    work: Submission | None,
    now: datetime,
    data: QueryDict | None = None,
    call: str = "",
) -> WorkForm:
    """`call` is the id of the call from whose page one comes; one that takes no such works is passed over."""
    today = timezone.localdate(now)
    circle = circle_of(viewer, today)
    around: dict[str, Any] = {"viewer": viewer, "today": today, "work": work, "colleagues": circle.led}
    if kind == Kind.RECITATION:
        own = [each for each in (work.owner_department_id,) if each] if work else []
        groups = [each for each in (work.owner_party_group_id,) if each] if work else []
        around |= {
            "near": circle.near,
            "departments": [*circle.departments, *own],
            "groups": [*circle.groups, *groups],
        }
    initial = stored_values(work, newest(work), kind) if work is not None else {"call": call}
    return FORMS[kind](data, initial=initial, **around)


def state_of(work: Submission) -> dict[str, Any]:
    """What a script must know of a draft after it was stored."""
    return {
        "work": work.pk,
        "revision": work.revision,
        "address": reverse("work_edit", args=[work.pk]),
        "missing": [word for word, _ in missing_from(work, newest(work)).values()],
    }


def counting(request: HttpRequest, kind: Kind, main: Cadre, work: Submission | None) -> str:
    """What the work counts for, as its page shows it."""
    return render_to_string("works/form/counting.html", {"kind": kind, "main": main, "work": work}, request)


def differences(work: Submission, content: Content) -> list[Any]:
    """What is stored now, and what it becomes where the text that was typed is saved after all."""
    stored = newest(work)
    texts = {name: getattr(stored, name) for name in TEXTS} | {
        name: value for name, value in content.version.items() if name in TEXTS
    }
    return compare(stored, Version(**texts))


def page(
    request: HttpRequest,
    form: WorkForm,
    work: Submission | None,
    token: UUID,
    status: int = 200,
    revision: int | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    stored: dict[str, Any] = {}
    if work is not None:
        work = Submission.objects.get(pk=work.pk)
        version = newest(work)
        returned = work.decisions.filter(action="return").select_related("actor").last()
        stored = {
            "version": version,
            "missing": [word for word, _ in missing_from(work, version).values()],
            "returned": returned if work.state == State.RETURNED else None,
            "files": file_fields(form, work, {each.role: each for each in version.attachments.light()}),
            "main": work.main_author,
        }
    context = {
        "form": form,
        "kind": form.kind,
        "main": form.chosen_main,
        "work": work,
        "token": token,
        "writer": sign_writer(signed_in(request)),
        "revision": revision if revision is not None else work.revision if work is not None else 0,
        "steps": [(legend, [form[name] for name in names if shows(form, name)]) for legend, names in form.steps],
        "linked": form.linked_book,
        "limit": settings.TEXT_MAX_CHARACTERS,
        "files": file_fields(form, None, {}),
        "needed": [word for _, _, word, _ in NEEDED[form.kind]],
        "confirm_days": settings.CONFIRM_DAYS,
        **stored,
        **(more or {}),
    }
    return render(request, "works/form.html", context, status=status)


@dataclass(frozen=True)
class FileField:
    """A file of the form: its limits as people and scripts read them, and what is there already."""

    field: BoundField
    role: Attachment.Role
    accept: str
    limits: str
    max_bytes: int
    max_seconds: int | None
    upload: str
    there: Attachment | None


def file_fields(form: WorkForm, work: Submission | None, there: Mapping[str, Attachment]) -> dict[str, FileField]:
    found = {}
    for name, role in FILES[form.kind].items():
        address = reverse("work_file", args=[work.pk, role]) if work else reverse("new_work_file", args=[role])
        found[name] = FileField(
            field=form[name],
            role=role,
            accept=accept(role),
            limits=hint(role),
            max_bytes=most_bytes(role),
            max_seconds=settings.AUDIO_MAX_MINUTES * 60 if role == Attachment.Role.AUDIO else None,
            upload=address,
            there=there.get(role),
        )
    return found


def shows(form: WorkForm, name: str) -> bool:
    if name == "wants_purchase" and getattr(form.linked_book, "is_here", False):
        return False
    return name in form.fields and (name != "for_quarter" or form.offers_quarter)
