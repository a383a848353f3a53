import logging

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from reading.models import Picture
from shuxiang.media.sending import send

logger = logging.getLogger(__name__)


@require_safe
@login_required
def picture(request: HttpRequest, picture_id: int) -> HttpResponseBase:
    """A cover or a photograph, for everybody signed in."""
    found = get_object_or_404(Picture, pk=picture_id)
    try:
        return send(request, found.file, name=f"{found.pk}.jpg", content_type="image/jpeg", as_attachment=False)
    except FileNotFoundError as error:
        logger.error("文件 %s 不在存储中，请从备份恢复。", found.file.name)
        raise Http404 from error
