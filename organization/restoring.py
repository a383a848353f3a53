"""What was typed into a form whose session had ended, given back on the page of the form."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, QueryDict

from organization.desk import signed_in
from organization.services.kept import take

View = TypeVar("View", bound=Callable[..., object])
RESTORED = "已取回登录失效前填写的文字，请核对后保存。"


def restored(request: HttpRequest, path: str = "", **same: str) -> QueryDict | None:
    """Once, where the page is opened; `path` is where the form is sent, if not to its own page, and `same` are the
    fields by which one of several forms of an address is known."""
    if request.method != "GET":
        return None
    kept = take(request.session, path or request.path, signed_in(request), same)
    if kept is not None:
        messages.info(request, RESTORED)
    return kept


def never_kept(view: View) -> View:
    """Marks a view whose forms are stored nowhere with the person, whatever KEPT_FORMS says: those of anonymous words.
    The middleware asks for the mark."""
    vars(view)["never_kept"] = True
    return view


def read_token(text: str) -> UUID | None:
    """What tells a form that is sent twice from two forms; None where it was tampered with."""
    try:
        return UUID(text)
    except ValueError:
        return None
