"""What every page of the office's desk (the admin) has in common.

Rights follow from roles, page by page; querysets are scoped to the viewer; nothing is deleted.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from organization.models import Cadre
from organization.roles import Role


def signed_in(request: HttpRequest) -> Cadre:
    """The person behind a request of a page that asks for a log-in."""
    assert isinstance(request.user, Cadre)
    return request.user


def has_role(request: HttpRequest, roles: Sequence[Role]) -> bool:
    """Whether the request's person has one of the roles; nobody signed in has none."""
    return isinstance(request.user, Cadre) and request.user.has_role(*roles)


class DeskAdmin(admin.ModelAdmin):
    """Subclasses name the roles that may look, add and change."""

    viewers: Sequence[Role] = (Role.OFFICE,)
    editors: Sequence[Role] = ()
    adders: Sequence[Role] = ()
    list_per_page = 50
    show_full_result_count = True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return has_role(request, [*self.viewers, *self.editors, *self.adders])

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return has_role(request, self.editors)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return has_role(request, self.adders)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        scoped = getattr(rows, "visible_to", None)
        return rows if scoped is None else scoped(signed_in(request))


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class DeskInline(admin.TabularInline):
    """Rows of a page that some roles may edit; a removed row stays in the page's history in words."""

    editors: Sequence[Role] = ()
    extra = 0

    def may_edit(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_role(request, self.editors)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request, obj)
