"""What holds for every request of a person: where it comes from, how long it may rest, which password opens what."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django_htmx.http import HttpResponseClientRedirect

from organization.models import AccessAction, Cadre
from organization.services.audit import acting_from, client_address, record_event
from organization.services.kept import keep

Respond = Callable[[HttpRequest], HttpResponseBase]

FREE = ("password", "login", "logout", "type")
# Forms that hold nothing to lose.
GATES = ("login", "logout", "type", "admin:login", "admin:logout")
SAFE = ("GET", "HEAD", "OPTIONS")
# A page that asks again by itself sends this header: it is nobody's activity.
POLLING = "X-Polling"
SEEN = "seen_at"
STAMP_EVERY = timedelta(minutes=1)

IDLE = "长时间未操作，已退出。请重新登录。"
IDLE_UNSAVED = "长时间未操作，已退出，刚才提交的内容没有保存。请重新登录，回到原来的页面再提交一次。"
KEPT = "登录已失效，您填写的文字已经留存。请重新登录，回到原来的页面核对后再提交；文件要重新选择。"
UNSAVED = "登录已失效，刚才提交的内容没有保存。请重新登录，回到原来的页面再提交一次。"
KEPT_DUE = "密码需要更换，您填写的文字已经留存。请先修改密码，回到原来的页面核对后再提交；文件要重新选择。"
UNSAVED_DUE = "密码需要更换，刚才提交的内容没有保存。请先修改密码，回到原来的页面再提交一次。"


class AddressMiddleware:
    """Access events of this request carry its address."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with acting_from(client_address(request)):
            return self.get_response(request)


class IdleMiddleware:
    """Ends sessions that rest too long or belong to a closed account, and says so at the log-in.

    The stamp is coarse, so that not every page writes: a session ends after 29 to 30 minutes of rest.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        idle = self.has_ended(request)
        if idle and not is_free(request.path):
            kept = keeps(request)
            messages.warning(request, IDLE if request.method in SAFE else KEPT if kept else IDLE_UNSAVED)
            return to_gate(request, settings.LOGIN_URL, kept=kept)
        if idle and request.path == reverse("login"):
            messages.warning(request, IDLE)
        response = self.get_response(request)
        unsaved = request.method not in SAFE and request.path not in paths_of(GATES)
        if leads_to_log_in(response) and not request.user.is_authenticated and (unsaved or is_htmx(request)):
            kept = unsaved and keeps(request)
            if unsaved:
                messages.warning(request, KEPT if kept else UNSAVED)
            return to_gate(request, settings.LOGIN_URL, kept=kept)
        return response

    def has_ended(self, request: HttpRequest) -> bool:
        if SESSION_KEY not in request.session:
            return False
        user, now = request.user, timezone.now()
        if not isinstance(user, Cadre):
            request.session.flush()
            return False
        last = last_activity(request.session, user)
        if last is not None and now - last >= timedelta(minutes=settings.IDLE_MINUTES):
            end_idle(request, user)
            return True
        if POLLING not in request.headers and (last is None or now - last >= STAMP_EVERY):
            stamp(request.session, now)
        return False


class PasswordMiddleware:
    """A first or expired password opens nothing but the page that changes it; what was typed meanwhile is kept."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if is_free(request.path) or not isinstance(user, Cadre) or not user.password_due:
            return self.get_response(request)
        kept = keeps(request)
        if request.method not in SAFE:
            messages.warning(request, KEPT_DUE if kept else UNSAVED_DUE)
        return to_gate(request, "password", kept=kept)


def keeps(request: HttpRequest) -> bool:
    """Whether the form's text now waits for its page to be opened again."""
    if request.method in SAFE or not re.fullmatch(settings.KEPT_FORMS, request.path) or never_keeps(request.path):
        return False
    return keep(request.session, request.path, dict(request.POST.lists()))


def never_keeps(path: str) -> bool:
    """Whether the page's view is marked so (`organization.restoring.never_kept`)."""
    try:
        return getattr(resolve(path).func, "never_kept", False)
    except Resolver404:
        return False


def stamp(session: SessionBase, now: datetime) -> None:
    session[SEEN] = int(now.timestamp())


def last_activity(session: SessionBase, user: Cadre) -> datetime | None:
    """The log-in page stamps; a session made without it has rested since the person's last log-in."""
    seen = session.get(SEEN)
    return user.last_login if seen is None else datetime.fromtimestamp(seen, tz=timezone.get_current_timezone())


@transaction.atomic
def end_idle(request: HttpRequest, user: Cadre) -> None:
    record_event(action=AccessAction.LOG_OUT, actor=user, detail="长时间未操作")
    logout(request)


def is_free(path: str) -> bool:
    return path.startswith(settings.STATIC_URL) or path in paths_of(FREE)


def paths_of(names: Sequence[str]) -> set[str]:
    return {reverse(name) for name in names}


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def leads_to_log_in(response: HttpResponseBase) -> bool:
    target = urlsplit(response.headers.get("Location", "")).path
    return response.status_code == 302 and target in (reverse("login"), reverse("admin:login"))


def to_gate(request: HttpRequest, gate: str, *, kept: bool) -> HttpResponse:
    """To the page that has to be passed first, which leads back; `kept`: the form's text waits."""
    onward = urlencode({REDIRECT_FIELD_NAME: way_back(request, kept=kept)})
    return send_to(request, f"{resolve_url(gate)}?{onward}")


def way_back(request: HttpRequest, *, kept: bool) -> str:
    """The page on which the person is: for a form or a part of a page not the address that it asked, unless nothing
    else is known and text waits there."""
    if request.method in SAFE and not is_htmx(request):
        return request.get_full_path()
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return request.get_full_path() if kept else reverse("home")
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def send_to(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect of the whole page, even where htmx asked for a part of it."""
    return HttpResponseClientRedirect(url) if is_htmx(request) else redirect(url)
