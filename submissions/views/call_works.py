"""The list of works that answered a call, for the office that runs it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activities.models import Call
from activities.services.authority import hosts
from organization.desk import desk_scope, signed_in
from organization.models import AccessAction
from organization.services.audit import record_event
from organization.services.places import unit_name
from shuxiang.downloads import workbook
from submissions import exports
from submissions.services.call_works import answers_to


@require_safe
@never_cache
@login_required
def call_workbook(request: HttpRequest, call_id: int) -> HttpResponseBase:
    viewer, today = signed_in(request), timezone.localdate()
    call = get_object_or_404(Call.objects.published().select_related("department"), pk=call_id)
    if not hosts(viewer, call.department):
        raise Http404
    works = answers_to(call, viewer, desk_scope(request))
    name = f"应征作品{call.reference}-{today}.xlsx"
    record_event(action=AccessAction.EXPORT, actor=viewer, about=f"征集令 {call.reference}", detail=name)
    return workbook(exports.call_workbook(call, works, unit_name(), today), name)
