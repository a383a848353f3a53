"""Files of a draft: sent by a script as soon as they are chosen, or along with the form."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from organization.desk import signed_in
from organization.models import Cadre
from organization.restoring import read_token
from organization.services.roles import NotAllowed
from organization.ways import sent_from
from shuxiang.uploads import Refused
from submissions.forms.work_form import WorkForm
from submissions.kinds import Kind
from submissions.models import Attachment, Submission
from submissions.services.attachments import attach, detach
from submissions.services.contents import FILES, Content, missing_from
from submissions.services.drafting import begin, newest, open_version
from submissions.services.review import StaleSubmission
from submissions.states import IllegalTransition
from submissions.tasks import wake

NO_FILE = "没有收到文件，请重新选择。"
TOO_LATE = (NotAllowed, IllegalTransition, StaleSubmission)


@sent_from("work_choice")
@never_cache
@login_required
def new_work_file(request: HttpRequest, role: str) -> HttpResponse:
    """A file that comes before anything else of its work: it makes the draft, once per token."""
    viewer = signed_in(request)
    kind, token = request.POST.get("kind", ""), read_token(request.POST.get("token", ""))
    if kind not in Kind.values or role not in FILES[Kind(kind)].values() or token is None:
        raise Http404
    work, is_new = begin(kind=Kind(kind), content=Content(), by=viewer, token=token, now=timezone.now())
    if work.kind != kind:
        raise Http404
    return take(request, viewer, work, Attachment.Role(role), work.revision if is_new else None)


@sent_from("work_edit", "work_id")
@never_cache
@login_required
def work_file(request: HttpRequest, work_id: int, role: str) -> HttpResponse:
    """A file in the place of the one before; with `remove` it goes."""
    viewer = signed_in(request)
    work = get_object_or_404(Submission.objects.edited_by(viewer), pk=work_id)
    if role not in FILES[Kind(work.kind)].values():
        raise Http404
    return take(request, viewer, work, Attachment.Role(role))


def take(
    request: HttpRequest, viewer: Cadre, work: Submission, role: Attachment.Role, revision: int | None = None
) -> HttpResponse:
    """`revision` is told of a draft made just now; of another the form knows what it has seen."""
    now, told, attachment = timezone.now(), "", None
    try:
        if request.POST.get("remove"):
            remove_file(work, role, viewer, now)
        else:
            attachment = put(request, work, role, viewer, now)
    except (Refused, *TOO_LATE) as error:
        told = str(error)
    if "application/json" in request.headers.get("Accept", ""):
        if told:
            return JsonResponse({"error": told, **file_answer(work, None, revision)}, status=400)
        return JsonResponse(file_answer(work, attachment, revision), status=201 if attachment else 200)
    if told:
        messages.error(request, told)
    return redirect("work_edit", work.pk)


def put(request: HttpRequest, work: Submission, role: Attachment.Role, viewer: Cadre, now: datetime) -> Attachment:
    upload = next(iter(request.FILES.values()), None)
    if upload is None:
        raise Refused(NO_FILE)
    return add_file(work, role, upload, viewer, now)


def add_file(work: Submission, role: Attachment.Role, upload: Any, viewer: Cadre, now: datetime) -> Attachment:
    """Raises Refused, or what tells that the work is no draft any more."""
    version = open_version(submission=work, by=viewer, now=now)
    attachment = attach(version=version, role=role, upload=upload, by=viewer, now=now)
    wake()
    return attachment


def remove_file(work: Submission, role: str, viewer: Cadre, now: datetime) -> None:
    if role not in FILES[Kind(work.kind)].values():
        raise Http404
    version = open_version(submission=work, by=viewer, now=now)
    detach(version=version, role=Attachment.Role(role), by=viewer, now=now)


def take_files(request: HttpRequest, form: WorkForm, work: Submission, viewer: Cadre, now: datetime) -> dict[str, str]:
    """Stores the files that came with the form; what was refused, by field."""
    refused = {}
    for name, role in form.file_fields().items():
        upload = request.FILES.get(name)
        if upload is None:
            continue
        try:
            add_file(work, Attachment.Role(role), upload, viewer, now)
        except Refused as error:
            refused[name] = str(error)
    return refused


def file_answer(work: Submission, attachment: Attachment | None, revision: int | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "work": work.pk,
        "revision": revision,
        "address": reverse("work_edit", args=[work.pk]),
        "missing": [word for word, _ in missing_from(work, newest(work)).values()],
    }
    if attachment is not None:
        found["file"] = {
            "id": str(attachment.pk),
            "name": attachment.original_name,
            "size": attachment.size,
            "role": attachment.role,
            "url": reverse("media", args=[attachment.pk]),
            "status": reverse("media_status", args=[attachment.pk]),
            "state": attachment.state,
            "duration_ms": attachment.duration_ms,
            "peaks": attachment.peaks,
            "notice": attachment.notice,
        }
    return found
