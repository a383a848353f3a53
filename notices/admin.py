from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from notices.models import Digest
from organization.desk import DeskAdmin
from organization.roles import Role


@admin.register(Digest)
class DigestAdmin(DeskAdmin):
    """The log of what went outward: when, by which channel, to whom, with which outcome."""

    viewers = (Role.SYSTEM, Role.AUDIT)
    everybody_sees = True
    list_display = ["created_at", "channel", "recipient", "count", "state", "error"]
    list_display_links = None
    list_select_related = ["recipient"]
    list_filter = ["state", "channel"]
    search_fields = ["channel", "recipient__name", "recipient__employee_number", "error"]
    date_hierarchy = "day"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
