"""The desk's page of the holiday table, and the button that fills in a year."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from organization.desk import DeskAdmin, signed_in
from organization.roles import Role
from organization.services.holidays import UnknownYear, import_holidays

NAME = "organization_holiday"
WRONG = "年份请填四位数字，如 2027。"


class YearForm(forms.Form):
    year = forms.IntegerField(
        label="年份",
        min_value=2000,
        max_value=2199,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), WRONG),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "vTextField"}),
    )


class HolidayAdmin(DeskAdmin):
    is_setting = True
    everybody_sees = True
    of_the_root = True
    viewers = (Role.OFFICE, Role.SYSTEM)
    editors = adders = (Role.OFFICE, Role.SYSTEM)
    list_display = ["date", "name", "is_workday"]
    list_filter = ["is_workday"]
    search_fields = ["name"]
    date_hierarchy = "date"
    change_list_template = "admin/organization/holiday/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [path("import/", view(self.import_view), name=f"{NAME}_import"), *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        today = timezone.localdate()
        form = YearForm(request.POST if request.method == "POST" else None, initial={"year": today.year})
        if form.is_valid():
            try:
                done = import_holidays(year=form.cleaned_data["year"], by=signed_in(request))
            except UnknownYear as error:
                form.add_error("year", str(error))
            else:
                messages.success(request, done.words)
                return redirect(f"{reverse(f'admin:{NAME}_changelist')}?date__year={done.year}")
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "填入放假安排",
            "list_url": reverse(f"admin:{NAME}_changelist"),
            "form": form,
        }
        return TemplateResponse(request, "admin/organization/holiday/import.html", context)
