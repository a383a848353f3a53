from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from activities.models import Activity, Lecturer
from activities.services.authority import edits, hosts
from activities.services.content import ActivityContent, check_content
from activities.services.scheduling import check_alone, edit, hold, schedule
from activities.states import ActivityState
from organization.desk import StampedAdmin, signed_in
from organization.desk_forms import StampedForm
from organization.roles import Role
from organization.services.lives import FieldRefused


class ActivityForm(StampedForm):
    """What is noted at the desk; everything else has its form in the portal. The services judge it as they store it."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        department = self.instance.department if self.instance.pk else cleaned.get("department")
        if not hosts(self.actor, department):
            self.add_error(
                None if self.instance.pk else "department", "请选择主办科室，留空的活动由根单位的办公室登记。"
            )
        if not self.errors:
            self.check_service(cleaned)
        return cleaned

    def check_service(self, cleaned: dict[str, Any]) -> None:
        """What the service refuses stands at the form; the page stores only where nothing does."""
        content = content_of(self.instance, cleaned)
        stored = Activity.objects.get(pk=self.instance.pk) if self.instance.pk else None
        try:
            check_content(content, stored, timezone.now())
            if stored is None:
                check_alone(content)
        except FieldRefused as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))


def content_of(activity: Activity, typed: dict[str, Any]) -> ActivityContent:
    """The stored activity, or a new one, with what was typed at the desk."""
    known = {name: typed[name] for name in ("title", "category", "date", "department") if name in typed}
    if activity.pk is None:
        return ActivityContent(**known)
    return replace(ActivityContent.of(Activity.objects.get(pk=activity.pk)), **known)


@admin.register(Activity)
class ActivityAdmin(StampedAdmin):
    """Everybody at the desk sees what is held; the hosting office changes it, most of it in the portal. What is entered
    here under a number of the office's own paper took place, unless its day is to come."""

    form = ActivityForm
    everybody_sees = True
    editors = adders = (Role.OFFICE,)
    list_display = ["reference", "title", "category", "date", "department", "state", "attendance_count"]
    list_select_related = ["department"]
    list_filter = ["state", "category"]
    search_fields = ["reference", "title"]
    autocomplete_fields = ["department"]
    date_hierarchy = "date"
    fields = ["reference", "title", "category", "date", "department"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Activity]:
        valid = Count("attendances__cadre", distinct=True, filter=Q(attendances__is_void=False))
        return super().get_queryset(request).annotate(people=valid)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        found = super().get_fields(request, obj)
        return [*found, "state", "portal"] if obj is not None else found

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        return obj.state != ActivityState.CANCELLED and edits(signed_in(request), obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The number is what registers and ledger know the activity by. Of the rest only what stamps the row is changed
        here, so that the second of two who change it is told."""
        return ["reference", "category", "department", "state", "portal"] if obj else []

    def save_model(self, request: HttpRequest, obj: Activity, form: Any, change: bool) -> None:
        by, now, content = signed_in(request), timezone.now(), content_of(obj, form.cleaned_data)
        if change:
            stored = edit(activity=obj, seen=obj.version, content=content, by=by, now=now)
        else:
            stored = schedule(content=content, by=by, now=now, reference=obj.reference)
            if content.date <= timezone.localdate(now):
                hold(activity=stored, by=by, now=now)
        obj.pk, obj.changed_at = stored.pk, stored.changed_at

    @admin.display(description="人数", ordering="people")
    def attendance_count(self, activity: Any) -> int:
        return activity.people

    @admin.display(description="活动页")
    def portal(self, activity: Activity) -> str:
        return format_html('<a href="{}">打开活动页，修改其他内容</a>', reverse("activity", args=[activity.pk]))


@admin.register(Lecturer)
class LecturerAdmin(StampedAdmin):
    everybody_sees = True
    editors = adders = (Role.OFFICE,)
    list_display = ["name", "unit", "field", "is_closed"]
    list_filter = ["is_closed"]
    search_fields = ["name", "unit", "field"]
    fields = ["name", "unit", "field", "note", "is_closed"]
