from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from activities.models import Activity, Attendance, AttendanceEvent
from activities.services.attendance import LABELS, REASON_LENGTH, needs_reason, open_activity, record_attendance
from activities.services.recorders import check_recorder
from organization.desk import StampedAdmin, signed_in
from organization.desk_forms import StampedForm
from organization.models import Cadre
from organization.roles import Role
from organization.services.roles import NotAllowed
from shuxiang.periods import shanghai_date, timed


def said(event: AttendanceEvent) -> str:
    after = LABELS.get(event.to_state, event.to_state)
    return f"{LABELS.get(event.from_state, event.from_state)} → {after}" if event.from_state else f"登记为{after}"


class AttendanceForm(StampedForm):
    reason = forms.CharField(
        label="更正原因",
        max_length=REASON_LENGTH,
        required=False,
        help_text="登记当天随手改可以不填，以后的更正必须写明。",
        error_messages={"max_length": f"更正原因最多 {REASON_LENGTH} 字，请缩短。"},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        known = self.instance.pk is not None
        activity = self.instance.activity if known else cleaned.get("activity")
        cadre = self.instance.cadre if known else cleaned.get("cadre")
        if activity is not None and cadre is not None:
            self.check(activity, cadre, cleaned.get("reason", "").strip(), timezone.now())
        return cleaned

    def check(self, activity: Activity, cadre: Cadre, reason: str, now: datetime) -> None:
        """Holds the activity, so that the service finds what was judged here."""
        try:
            open_activity(activity, now)
            check_recorder(activity=activity, cadre=cadre, recorder=self.actor)
        except (NotAllowed, ValueError) as error:
            raise forms.ValidationError(str(error)) from error
        differs = {"capacity", "is_void"} & set(self.changed_data)
        if self.instance.pk and differs and not reason and needs_reason(self.instance, shanghai_date(now)):
            self.add_error("reason", "登记当天以后的更正要写明原因。")


@admin.register(Attendance)
class AttendanceAdmin(StampedAdmin):
    form = AttendanceForm
    editors = adders = (Role.OFFICE,)
    list_display = ["activity", "cadre", "capacity", "is_void"]
    list_select_related = ["activity", "cadre"]
    list_filter = ["capacity", "is_void", "activity__category"]
    search_fields = ["activity__reference", "activity__title", "cadre__name", "cadre__employee_number"]
    autocomplete_fields = ["activity", "cadre"]
    ordering = ["-activity__date", "activity__reference", "cadre__employee_number"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if obj is None:
            return ["activity", "cadre", "capacity"]
        return ["activity", "cadre", "capacity", "is_void", "reason", "events", "seen"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A row that names the wrong person or activity is voided and recorded anew."""
        return ["activity", "cadre", "events"] if obj else []

    @admin.display(description="经过")
    def events(self, row: Attendance) -> SafeString | str:
        """A line for each event, the oldest first."""
        lines = (
            (timed(each.at), each.actor or "服务器命令", said(each), each.reason)
            for each in row.events.select_related("actor")
        )
        return format_html_join("", "<p>{} {}：{}　{}</p>", lines) or "没有逐次的记录"

    def save_model(self, request: HttpRequest, obj: Attendance, form: Any, change: bool) -> None:
        reason = form.cleaned_data.get("reason", "")
        record_attendance(attendance=obj, recorder=signed_in(request), now=timezone.now(), reason=reason)
