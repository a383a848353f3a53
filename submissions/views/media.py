import logging
from pathlib import PurePath
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from organization.desk import signed_in
from organization.models import Cadre
from organization.roles import Role
from shuxiang.media.sending import send
from shuxiang.uploads import download_name
from submissions.models import Attachment, Contributor, Submission
from submissions.models.attachment import AttachmentQuerySet

logger = logging.getLogger(__name__)
# What is made of a recording and of a picture: content type and ending.
MADE = {Attachment.Role.AUDIO: ("audio/mpeg", ".mp3")}
PICTURE = ("image/jpeg", ".jpg")
ANYTHING = "application/octet-stream"


@require_safe
@login_required
def media(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    """What was made of the file, in its place or as a download; a document only for whom its original is."""
    viewer, files = signed_in(request), Attachment.objects.all()
    among = files.visible_to(viewer) if "download" in request.GET else files.shown_to(viewer)
    attachment = found_or_404(among, attachment_id)
    if attachment.role == Attachment.Role.DOCUMENT:
        return media_original(request, attachment_id)
    if not attachment.is_ready:
        raise Http404
    content_type, ending = MADE.get(Attachment.Role(attachment.role), PICTURE)
    name = PurePath(download_name(attachment.original_name)).stem + ending
    return sent(request, attachment.rendition, name, content_type, as_attachment="download" in request.GET)


@require_safe
@login_required
def media_original(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    """The file as it came, never in place: for the people of the work and for the office."""
    viewer = signed_in(request)
    attachment = found_or_404(Attachment.objects.visible_to(viewer), attachment_id)
    if not (viewer.has_role(Role.OFFICE) or is_own(attachment, viewer)):
        raise Http404
    return sent(request, attachment.file, download_name(attachment.original_name), ANYTHING, as_attachment=True)


@require_safe
@login_required
def media_status(request: HttpRequest, attachment_id: UUID) -> JsonResponse:
    """For whoever waits until the file can be played."""
    attachment = found_or_404(Attachment.objects.shown_to(signed_in(request)), attachment_id)
    found = {
        "state": attachment.state,
        "duration_ms": attachment.duration_ms,
        "peaks": attachment.peaks,
        "url": reverse("media", args=[attachment.pk]) if attachment.is_ready else "",
        "message": attachment.message,
        "notice": attachment.notice,
    }
    return JsonResponse(found)


def found_or_404(among: AttachmentQuerySet, attachment_id: UUID) -> Attachment:
    return get_object_or_404(among.defer("html", "text").select_related("version__submission"), pk=attachment_id)


def is_own(attachment: Attachment, viewer: Cadre) -> bool:
    work: Submission = attachment.version.submission
    named = work.contributors.exclude(state=Contributor.State.DECLINED).filter(cadre=viewer)
    return work.entered_by_id == viewer.pk or named.exists()


def sent(
    request: HttpRequest, file: FieldFile, name: str, content_type: str, *, as_attachment: bool
) -> HttpResponseBase:
    try:
        return send(request, file, name=name, content_type=content_type, as_attachment=as_attachment)
    except FileNotFoundError as error:
        logger.error("文件 %s 不在存储中，请从备份恢复。", file.name)
        raise Http404 from error
