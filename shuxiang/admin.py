from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from organization.desk import DeskAdmin, SideLink
from organization.views import LogoutView


class PortalAdminSite(AdminSite):
    """The office's desk. Logging in and changing the password are the portal's own pages."""

    site_header = "书香机关 · 工作台"
    site_title = "书香机关"
    index_title = "工作台"
    site_url = "/"
    empty_value_display = "—"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Also the pages beside a model's list (`DeskAdmin.side_links`), first in their group."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            pages = [self.get_model_admin(model["model"]) for model in app["models"]]
            links = [link for page in pages if isinstance(page, DeskAdmin) for link in page.side_links(request)]
            app["models"] = [side_model(link) for link in links] + app["models"]
        return apps

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With the address in the menu that the open page belongs to: the longest that it begins with."""
        context = super().each_context(request)
        found = [model["admin_url"] for app in context["available_apps"] for model in app["models"]]
        opened = [url for url in found if url and request.path.startswith(url)]
        return {**context, "opened": max(opened, key=len, default="")}

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """To the portal's log-in; somebody who is logged in but may not enter is told so instead of sent in circles."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        target = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return HttpResponseRedirect(f"{reverse('login')}?{urlencode({REDIRECT_FIELD_NAME: target})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return LogoutView.as_view()(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("password")


def side_model(link: SideLink) -> dict[str, Any]:
    """As Django's own lists of models have it."""
    name = link.url.strip("/").rpartition("/")[2]
    return {"name": link.name, "object_name": name, "admin_url": link.url, "add_url": None, "view_only": True,
            "count": link.count}  # fmt: skip
