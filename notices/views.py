from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notices.models import Notice
from notices.services.reading import open_notice, read_all
from organization.desk import is_id, signed_in
from organization.ways import sent_from

PER_PAGE = 30


@require_safe
@never_cache
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """One's own notices, the newest first; `?show=unread` leaves out what was read."""
    own = Notice.objects.of(signed_in(request))
    only_unread = request.GET.get("show") == "unread"
    page = Paginator(own.unread() if only_unread else own, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    context = {
        "page": page,
        "rows": rows,
        "only_unread": only_unread,
        "kept": "show=unread&" if only_unread else "",
        "newest": max((row.pk for row in rows if row.read_at is None), default=None),
    }
    return render(request, "notices.html", context)


@sent_from("notices")
@login_required
def notice_open(request: HttpRequest, notice_id: int) -> HttpResponse:
    """To the page that the notice is about; a stranger gets 404."""
    reader = signed_in(request)
    notice = get_object_or_404(Notice.objects.of(reader), pk=notice_id)
    open_notice(notice=notice, reader=reader, now=timezone.now())
    return redirect(notice.address or "notices")


@sent_from("notices")
@login_required
def notices_read(request: HttpRequest) -> HttpResponse:
    newest = request.POST.get("newest", "")
    if is_id(newest):
        count = read_all(reader=signed_in(request), newest=int(newest), now=timezone.now())
        messages.success(request, f"已把 {count} 条通知标为已读。")
    return redirect("notices")
