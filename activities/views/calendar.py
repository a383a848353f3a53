"""The own activities in the calendar of a phone or of Outlook, under a secret address."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activities.exports.calendar_feed import calendar_of, tag_of
from activities.models import CalendarAddress
from activities.services.calendar_addresses import digest_of, listed, reader_of, renew_address, shown_to
from organization.desk import signed_in
from organization.ways import sent_from
from shuxiang.symbols import is_local, portal_of, qr_of

TYPE = "text/calendar; charset=utf-8"
SCHEME = "webcal"
FIRST = "日历地址已生成。"
RENEWED = "已换新地址，旧地址作废。用过旧地址的手机和电脑，请删掉原来的订阅，再用新地址订阅。"


@require_safe
@never_cache
@login_required
def calendar_address(request: HttpRequest) -> HttpResponse:
    """What the address is for, and how it comes into a calendar. Nobody has one before asking for it."""
    found = CalendarAddress.objects.filter(cadre=signed_in(request)).first()
    portal = portal_of(request)
    context: dict[str, Any] = {"known": found, "is_local": is_local(portal), "portal": portal}
    if found is not None:
        address = portal + reverse("calendar_feed", args=[found.secret])
        subscribed = f"{SCHEME}://{address.partition('://')[2]}"
        context |= {"address": address, "subscribed": subscribed, "qr": qr_of(subscribed)}
    return render(request, "calendar_address.html", context)


@sent_from("calendar_address")
@login_required
def calendar_renew(request: HttpRequest) -> HttpResponse:
    viewer = signed_in(request)
    is_first = not CalendarAddress.objects.filter(cadre=viewer).exists()
    renew_address(cadre=viewer, now=timezone.now())
    messages.success(request, FIRST if is_first else RENEWED)
    return redirect("calendar_address")


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """For calendars, which cannot log in: whoever has the address reads it. Built where it changed alone."""
    today = timezone.localdate()
    reader = reader_of(secret=secret, today=today)
    if reader is None:
        raise Http404
    shown, portal = shown_to(reader=reader, today=today), portal_of(request)
    etag = quote_etag(tag_of(digest_of(shown=shown, reader=reader), portal))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        rows = listed(shown=shown, reader=reader)
        content = calendar_of(rows, lambda activity: portal + reverse("activity", args=[activity.pk]))
        response = HttpResponse(content, content_type=TYPE)
    # No date of change: what leaves somebody's sight leaves no date behind.
    response["ETag"] = etag
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
