"""A first password opens nothing but the page that changes it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

ALLOWED = ("password", "login", "logout")


class FirstPasswordMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.is_free(request.path) or not getattr(request.user, "must_change_password", False):
            return self.get_response(request)
        return redirect("password")

    @staticmethod
    def is_free(path: str) -> bool:
        return path.startswith(settings.STATIC_URL) or path in {reverse(name) for name in ALLOWED}
