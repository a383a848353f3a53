"""The activities' addresses, area by area; each list is included at the portal's root."""

from django.urls import URLPattern, path

from activities.views import activities, activity, activity_form

series_urls: list[URLPattern] = []

activity_urls: list[URLPattern] = [
    path("activities/", activities.activities, name="activities"),
    path("activities/new/", activity_form.activity_new, name="activity_new"),
    path("activities/<int:activity_id>/", activity.activity, name="activity"),
    path("activities/<int:activity_id>/edit/", activity_form.activity_edit, name="activity_edit"),
    path("activities/<int:activity_id>/cancel/", activity.activity_cancel, name="activity_cancel"),
    path("activities/<int:activity_id>/state/", activity.activity_state, name="activity_state"),
]

sign_up_urls: list[URLPattern] = []

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
