"""The activities' addresses, area by area; each list is included at the portal's root."""

from django.urls import URLPattern

series_urls: list[URLPattern] = []

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
