"""What holds for every request, whoever sends it: its size, and the headers that no library sets."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

PERMISSIONS = "microphone=(self), camera=(), geolocation=(), payment=(), usb=()"


class HeadersMiddleware:
    """Pages and files are personal and stay in no cache; only static files are everybody's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "private, no-store"
        return response


class SizeMiddleware:
    """Refuses a body beyond every form's limit before anything reads it.

    Django looks for the token of a form before it knows who sends it, and would store a stranger's files for that.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and len(length) < 16 and int(length) <= settings.REQUEST_MAX_BYTES:
            return self.get_response(request)
        limit = settings.REQUEST_MAX_BYTES // 1024**2
        said = f"提交的内容超过 {limit} MB，没有收下。请返回上一页，换小一些的文件再提交。"
        return HttpResponse(said, status=413, content_type="text/plain; charset=utf-8")
