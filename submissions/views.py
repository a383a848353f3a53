from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404

from organization.desk import signed_in
from submissions.models import Attachment, Submission


@login_required
def media(request: HttpRequest, attachment_id: UUID) -> FileResponse:
    """The original file, as a download under its own name; a stranger gets 404."""
    visible = Submission.objects.visible_to(signed_in(request))
    attachment = get_object_or_404(Attachment.objects.filter(version__submission__in=visible), pk=attachment_id)
    response = FileResponse(attachment.file.open("rb"), as_attachment=True, filename=attachment.original_name)
    response["Content-Type"] = "application/octet-stream"
    response["Cache-Control"] = "private, no-store"
    return response
