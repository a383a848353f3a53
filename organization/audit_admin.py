"""The pages of the security and the audit administrator: locks, access events, the desk's history."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from organization.desk import DeskAdmin, signed_in
from organization.models import AccessEvent, Lock
from organization.roles import Role
from organization.services.locks import lift_lock


class KeptAdmin(DeskAdmin):
    """Rows to read, in a list that opens none; nobody adds, changes or deletes them."""

    everybody_sees = True
    list_display_links = None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Lock)
class LockAdmin(KeptAdmin):
    viewers = (Role.SECURITY,)
    list_display = ["number", "name", "address", "failures", "last", "ends"]
    search_fields = ["username", "ip_address"]
    actions = ["lift"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return rows.in_force(timezone.now()).with_name()

    @admin.display(description="工号", ordering="username")
    def number(self, lock: Lock) -> str:
        return lock.number

    @admin.display(description="姓名")
    def name(self, lock: Any) -> str | None:
        return lock.name

    @admin.display(description="来源地址", ordering="ip_address")
    def address(self, lock: Lock) -> str | None:
        return lock.ip_address

    @admin.display(description="失败次数", ordering="failures_since_start")
    def failures(self, lock: Lock) -> int:
        return lock.failures_since_start

    @admin.display(description="最近一次失败", ordering="attempt_time")
    def last(self, lock: Lock) -> str:
        return timezone.localtime(lock.attempt_time).strftime("%Y-%m-%d %H:%M")

    @admin.display(description="到期", ordering="attempt_time")
    def ends(self, lock: Lock) -> str:
        return timezone.localtime(lock.ends_at).strftime("%Y-%m-%d %H:%M")

    @admin.action(description="解除锁定", permissions=["view"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Lock]) -> None:
        for lock in queryset:
            lifted = lift_lock(lock=lock, by=signed_in(request))
            self.message_user(request, f"{lock} {'已解除锁定，可以立即登录' if lifted else '的锁定已经不在'}。")


@admin.register(AccessEvent)
class AccessEventAdmin(KeptAdmin):
    viewers = (Role.AUDIT,)
    list_display = ["created_at", "action", "actor_label", "about", "detail", "address"]
    list_filter = ["action"]
    search_fields = ["actor_label", "about", "detail", "address"]
    date_hierarchy = "created_at"


@admin.register(LogEntry)
class LogEntryAdmin(KeptAdmin):
    """What was changed at the desk."""

    viewers = (Role.AUDIT,)
    list_display = ["action_time", "user", "content_type", "object_repr", "message"]
    list_select_related = ["user", "content_type"]
    list_filter = ["action_flag"]
    search_fields = ["object_repr", "user__name", "user__employee_number"]
    date_hierarchy = "action_time"

    @admin.display(description="内容")
    def message(self, entry: LogEntry) -> str:
        return entry.get_change_message() or entry.get_action_flag_display()
