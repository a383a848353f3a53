"""The activities' addresses, area by area; each list is included at the portal's root."""

from django.urls import URLPattern, path

from activities.views import attendance, attendance_record, sheet

series_urls: list[URLPattern] = []

activity_urls: list[URLPattern] = []

sign_up_urls: list[URLPattern] = []

attendance_urls: list[URLPattern] = [
    path("activities/<int:activity_id>/sheet/", sheet.sheet, name="sheet"),
    path("activities/<int:activity_id>/attendance/", attendance.attendance, name="attendance"),
    path(
        "activities/<int:activity_id>/attendance/workbook/", attendance.attendance_workbook, name="attendance_workbook"
    ),
    path("activities/<int:activity_id>/attendance/guests/", attendance.attendance_guests, name="attendance_guests"),
    path(
        "activities/<int:activity_id>/attendance/<int:attendance_id>/",
        attendance_record.attendance_record,
        name="attendance_record",
    ),
]

media_urls: list[URLPattern] = []

calls_urls: list[URLPattern] = []

questionnaires_urls: list[URLPattern] = []

feedback_urls: list[URLPattern] = []

urlpatterns = [
    *series_urls,
    *activity_urls,
    *sign_up_urls,
    *attendance_urls,
    *media_urls,
    *calls_urls,
    *questionnaires_urls,
    *feedback_urls,
]
