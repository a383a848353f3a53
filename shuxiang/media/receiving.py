"""Forms with files that a script sends, so that it can tell how far they are (static/sending.js)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseRedirectBase

View = Callable[..., HttpResponse]


def is_by_script(request: HttpRequest) -> bool:
    return request.method == "POST" and request.headers.get("X-Requested-With") == "XMLHttpRequest"


def told_to_script(view: View) -> View:
    """A script is told where it is led, to open the page itself, or gets the page that says what is wrong.

    Redirected like a browser, it would read the next page, and the message on it, where nobody sees it.
    """

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if not is_by_script(request):
            return response
        if isinstance(response, HttpResponseRedirectBase):
            return JsonResponse({"address": response.url})
        if response.status_code in (200, 409):
            return JsonResponse({"page": response.content.decode()})
        return response

    return told
