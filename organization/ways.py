"""Where a person goes on: only ever to a page of this portal, and to one that can be opened."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]


def sent_from(page: str, *arguments: str) -> Callable[[View[Parameters]], View[Parameters]]:
    """Marks a view that takes POST alone, from the page of this name, which has those `arguments` of the view's own.

    A refused form is shown again at the address to which it was sent; whoever reloads that, goes back to it or comes to
    it after a log-in is led to the page of the form. That changes nothing, and the page itself asks who may see it.
    """

    def marked(view: View[Parameters]) -> View[Parameters]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def inner(request: HttpRequest, *args: Parameters.args, **kwargs: Parameters.kwargs) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            address, query = reverse(page, kwargs={name: kwargs[name] for name in arguments}), request.GET.urlencode()
            return redirect(f"{address}?{query}" if query else address)

        return inner

    return marked


def is_ours(request: HttpRequest, target: str) -> bool:
    """Whether this is a path of the portal itself, safe to be led to."""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return safe and target.startswith("/")


def asked_page(request: HttpRequest, *gates: str) -> str:
    """The portal's own page that `next` names; nothing where it names none, or one of the `gates`, which would lead in
    circles."""
    target = request.POST.get(REDIRECT_FIELD_NAME, request.GET.get(REDIRECT_FIELD_NAME, ""))
    is_gate = urlsplit(target).path in map(reverse, gates) if is_ours(request, target) else True
    return "" if is_gate else target
