import logging
from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.files import File
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organization.roles import Role
from shuxiang.uploads import HEAD, download_name, shown_type
from submissions.models import Attachment, Submission, Version
from submissions.views.showcase import shown_work

logger = logging.getLogger(__name__)
# What a page shows in its place; anything else is a download.
FAMILIES = {
    Attachment.Role.AUDIO: "audio/",
    Attachment.Role.COVER: "image/",
    Attachment.Role.PICTURE: "image/",
}


@require_safe
@never_cache
@login_required
def work(request: HttpRequest, work_id: int) -> HttpResponse:
    """One work with its newest version, or the one that the address names.

    A colleague sees what the showcase shows of it; any other stranger gets 404.
    """
    viewer = request.user
    assert viewer.is_authenticated
    places = ("owner_department", "owner_party_group", "graded_version", "entered_by")
    found = Submission.objects.visible_to(viewer).select_related(*places).filter(pk=work_id).first()
    if found is None:
        return shown_work(request, work_id)
    versions = list(found.versions.prefetch_related("attachments"))
    people = list(found.contributors.select_related("cadre", "confirmed_by"))
    is_own = viewer.pk in {found.entered_by_id, *(each.cadre_id for each in people)}
    context = {
        "work": found,
        "version": chosen_version(versions, request.GET.get("version")),
        "versions": versions,
        "people": people,
        "decisions": found.decisions.select_related("actor", "version").order_by("-created_at", "-id"),
        "publications": found.publications.filter(is_void=False),
        "may_decide": viewer.has_role(Role.OFFICE) and not is_own,
        "from_board": viewer.has_role(Role.OFFICE, Role.LEADER) and not is_own,
    }
    return render(request, "work.html", context)


def chosen_version(versions: Sequence[Version], number: str | None) -> Version | None:
    """The newest where none is named; None for a work without any."""
    if number is None:
        return versions[-1] if versions else None
    for version in versions:
        if str(version.number) == number:
            return version
    raise Http404


@require_safe
@login_required
def media(request: HttpRequest, attachment_id: UUID) -> FileResponse:
    """The file: a recording or a picture in its place, anything else as a download; a stranger gets 404.

    Of a shown work everybody gets the newest version's recording and pictures in their place, and no original.
    """
    viewer = request.user
    assert viewer.is_authenticated
    in_sight = Q(version__submission__in=Submission.objects.visible_to(viewer))
    if "download" not in request.GET:
        in_sight |= Q(version__in=Version.objects.showcased(), role__in=FAMILIES)
    attachment = get_object_or_404(Attachment.objects.filter(in_sight), pk=attachment_id)
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError as error:
        logger.error("附件 %s 的文件 %s 不在存储中，请从备份恢复。", attachment.pk, attachment.file.name)
        raise Http404 from error
    shown = None if "download" in request.GET else type_in_place(attachment, content)
    name = download_name(attachment.original_name)
    response = FileResponse(content, as_attachment=shown is None, filename=name)
    response["Content-Type"] = shown or "application/octet-stream"
    response["Cache-Control"] = "private, no-store"
    return response


def type_in_place(attachment: Attachment, content: File) -> str | None:
    """The type under which a page may show the file: its content must be what its role says."""
    head = content.read(HEAD)
    content.seek(0)
    found, family = shown_type(head), FAMILIES.get(Attachment.Role(attachment.role))
    return found if found and family and found.startswith(family) else None
