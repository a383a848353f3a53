import logging
import unicodedata
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from submissions.models import Attachment, Submission

logger = logging.getLogger(__name__)


@require_safe
@login_required
def media(request: HttpRequest, attachment_id: UUID) -> FileResponse:
    """The original file, as a download under its own name; a stranger gets 404."""
    viewer = request.user
    assert viewer.is_authenticated
    visible = Submission.objects.visible_to(viewer)
    attachment = get_object_or_404(Attachment.objects.filter(version__submission__in=visible), pk=attachment_id)
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError as error:
        logger.error("附件 %s 的文件 %s 不在存储中，请从备份恢复。", attachment.pk, attachment.file.name)
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=download_name(attachment.original_name))
    response["Content-Type"] = "application/octet-stream"
    response["Cache-Control"] = "private, no-store"
    return response


def download_name(original: str) -> str:
    """Without what could break the header, leave the folder or turn the name round: controls, slashes, RTL marks."""
    kept = (character for character in original if not unicodedata.category(character).startswith(("C", "Zl", "Zp")))
    return "".join(kept).replace("/", "_").replace("\\", "_").strip() or "附件"
