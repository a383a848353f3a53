"""The activities' addresses, area by area; each list is included at the portal's root."""

from django.urls import URLPattern, path

from activities.views import series, series_form

series_urls: list[URLPattern] = [
    path("series/", series.series_list, name="series_list"),
    path("series/new/", series_form.series_new, name="series_new"),
    path("series/<int:series_id>/", series.series, name="series"),
    path("series/<int:series_id>/edit/", series_form.series_edit, name="series_edit"),
    path("series/<int:series_id>/pause/", series.series_pause, name="series_pause"),
    path("series/<int:series_id>/generate/", series.series_generate, name="series_generate"),
    path("series/<int:series_id>/cancel/", series.series_cancel, name="series_cancel"),
]

activity_urls: list[URLPattern] = []

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
