"""Lock-out by person and address: what django-axes asks of us, and lifting a lock.

Axes stores no header and no parameter of a request, and a 工号 only where somebody has it: what else is
typed into that field may be a password.
"""

from datetime import datetime
from typing import Any

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from organization.directory import number_key
from organization.models import AccessAction, Cadre, Lock
from organization.passwords import OfficePasswordValidator
from organization.roles import Role
from organization.services.audit import record_event
from organization.services.roles import NotAllowed

NOBODY = "未登录"


class LockBackend(AxesStandaloneBackend):
    """Refuses whoever is locked; a password compared by the server's own code, without a request, meets no lock."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        if request is not None:
            super().authenticate(request, **credentials)


class LockHandler(AxesDatabaseHandler):
    """One row per person and address, whatever the browser calls itself."""

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        if request is not None:
            for name in ("axes_user_agent", "axes_http_accept"):
                setattr(request, name, "")
        super().user_login_failed(sender, credentials, request, **kwargs)


def lock_key(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """What axes counts by: the 工号 without case, or a digest of what is no 工号."""
    typed = number_key(str((credentials or {}).get("username") or ""))
    known: dict[str, str] = request.__dict__.setdefault("lock_keys", {})
    if typed not in known:
        exists = Cadre.objects.filter(employee_number__iexact=typed).exists()
        known[typed] = typed if exists else f"#{salted_hmac('organization.lock', typed).hexdigest()[:20]}"
    return known[typed]


def keep_page(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """The log-in page itself says that the 工号 is locked."""
    return response


def lock_of(request: HttpRequest, number: str, now: datetime) -> Lock | None:
    """The lock that this number meets from this request's address."""
    key = lock_key(request, {"username": number})
    return Lock.objects.in_force(now).filter(username=key, ip_address=request.axes_ip_address).first()  # type: ignore[attr-defined]


@transaction.atomic
def record_failure(*, request: HttpRequest, typed: str) -> None:
    """The events of a log-in that failed: one, and a second one where it was the failure that locked."""
    cadre = Cadre.objects.filter(employee_number__iexact=typed).first()
    about = str(cadre) if cadre else unknown_number(typed)
    failures = getattr(request, "axes_failures_since_start", None)
    locked = getattr(request, "axes_locked_out", False)
    detail = "锁定期间" if locked and failures is None else ""
    record_event(action=AccessAction.LOG_IN_FAILED, actor=None, actor_label=NOBODY, about=about, detail=detail)
    if locked and failures is not None:
        record_event(
            action=AccessAction.LOCK, actor=None, actor_label=NOBODY, about=about,
            detail=f"连续失败 {failures} 次，锁定 {settings.LOCK_MINUTES} 分钟",
        )  # fmt: skip


def unknown_number(typed: str) -> str:
    """What was typed, unless it may be a password in the wrong field."""
    try:
        OfficePasswordValidator().validate(typed)
    except ValidationError:
        return f"没有工号“{typed}”"
    return "没有这个工号（填写的像是密码，不记录）"


@transaction.atomic
def lift_lock(*, lock: Lock, by: Cadre) -> bool:
    """Lets the person try again at once; False where the lock had gone meanwhile. Raises NotAllowed."""
    if not by.has_role(Role.SECURITY):
        raise NotAllowed("只有安全管理员可以解除登录锁定。")
    removed, _ = Lock.objects.filter(pk=lock.pk).delete()
    if removed:
        record_event(action=AccessAction.UNLOCK, actor=by, about=str(lock))
    return bool(removed)
