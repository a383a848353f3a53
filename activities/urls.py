"""The activities' addresses, area by area; each list is included at the portal's root."""

from django.urls import URLPattern, path

from activities.views import activities, activity, activity_form, calendar, registrations, sign_up

series_urls: list[URLPattern] = []

activity_urls: list[URLPattern] = [
    path("activities/", activities.activities, name="activities"),
    path("activities/new/", activity_form.activity_new, name="activity_new"),
    path("activities/<int:activity_id>/", activity.activity, name="activity"),
    path("activities/<int:activity_id>/edit/", activity_form.activity_edit, name="activity_edit"),
    path("activities/<int:activity_id>/cancel/", activity.activity_cancel, name="activity_cancel"),
    path("activities/<int:activity_id>/state/", activity.activity_state, name="activity_state"),
]

sign_up_urls: list[URLPattern] = [
    path("activities/<int:activity_id>/sign-up/", sign_up.sign_up, name="sign_up"),
    path("activities/<int:activity_id>/sign-up/cancel/", sign_up.sign_up_cancel, name="sign_up_cancel"),
    path("activities/<int:activity_id>/registrations/", registrations.registrations, name="registrations"),
    path("activities/<int:activity_id>/registrations/add/", registrations.registration_add, name="registration_add"),
    path(
        "activities/<int:activity_id>/registrations/workbook/",
        registrations.registrations_workbook,
        name="registrations_workbook",
    ),
    path(
        "activities/<int:activity_id>/registrations/<int:registration_id>/remove/",
        registrations.registration_remove,
        name="registration_remove",
    ),
    path("activities/calendar/", calendar.calendar_address, name="calendar_address"),
    path("activities/calendar/renew/", calendar.calendar_renew, name="calendar_renew"),
    path("activities/calendar/<slug:secret>.ics", calendar.calendar_feed, name="calendar_feed"),
]

attendance_urls: list[URLPattern] = []

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
