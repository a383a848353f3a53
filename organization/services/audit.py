"""The one way in which access events are written, and where their address comes from."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

from organization.models import AccessAction, AccessEvent, Cadre

COMMAND_LINE = "命令行"
# The address of the request that is being answered; none on the server's own command line.
_address: ContextVar[str | None] = ContextVar("address", default=None)


def record_event(
    *,
    action: AccessAction,
    actor: Cadre | None,
    actor_label: str = COMMAND_LINE,
    about: str = "",
    detail: str = "",
) -> AccessEvent:
    """Stores one event in the caller's transaction: where it cannot be stored, the action must fail too.

    `actor_label` names an actor who is nobody in the database.
    """
    return AccessEvent.objects.create(
        action=action,
        actor=actor,
        actor_label=(str(actor) if actor is not None else actor_label)[:100],
        about=about[:200],
        detail=detail,
        address=_address.get(),
    )


@contextmanager
def acting_from(address: str | None) -> Iterator[None]:
    """Events written inside carry this address."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def client_address(request: HttpRequest) -> str | None:
    """The client's address: what the trusted proxy says last, else the other end of the connection.

    Anything that is no address is passed over; None where nothing is known.
    """
    candidates = [request.META.get("REMOTE_ADDR", "")]
    if settings.BEHIND_PROXY:
        candidates.insert(0, request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2])
    for text in candidates:
        try:
            found = ip_address(text.strip().partition("%")[0])
        except ValueError:
            continue
        mapped = getattr(found, "ipv4_mapped", None)
        return str(mapped or found)
    return None
