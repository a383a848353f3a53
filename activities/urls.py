"""The activities' addresses, area by area; each list is included at the portal's root."""

from django.urls import URLPattern, path

from activities.views import feedback, findings, meetings, receipts

series_urls: list[URLPattern] = []

activity_urls: list[URLPattern] = []

sign_up_urls: list[URLPattern] = []

attendance_urls: list[URLPattern] = []

media_urls: list[URLPattern] = []

calls_urls: list[URLPattern] = []

questionnaires_urls: list[URLPattern] = []

feedback_urls: list[URLPattern] = [
    path("feedback/", feedback.feedback_list, name="feedback_list"),
    path("feedback/new/", receipts.feedback_new, name="feedback_new"),
    path("feedback/receipt/", receipts.feedback_receipt, name="feedback_receipt"),
    path("feedback/<uuid:feedback_id>/", feedback.feedback, name="feedback"),
    path("feedback/<uuid:feedback_id>/step/", feedback.feedback_step, name="feedback_step"),
    path("feedback/<uuid:feedback_id>/reply/", feedback.feedback_reply, name="feedback_reply"),
    path("feedback/<uuid:feedback_id>/ask/", feedback.feedback_ask, name="feedback_ask"),
    path("findings/", findings.findings, name="findings"),
    path("findings/new/", findings.finding_new, name="finding_new"),
    path("findings/workbook/", findings.findings_workbook, name="findings_workbook"),
    path("findings/<int:finding_id>/", findings.finding, name="finding"),
    path("findings/<int:finding_id>/assign/", findings.finding_assign, name="finding_assign"),
    path("findings/<int:finding_id>/reply/", findings.finding_reply, name="finding_reply"),
    path("findings/<int:finding_id>/progress/", findings.finding_progress, name="finding_progress"),
    path("findings/<int:finding_id>/decide/", findings.finding_decide, name="finding_decide"),
    path("meetings/<int:activity_id>/", meetings.meeting, name="meeting"),
    path("meetings/<int:activity_id>/review/", meetings.meeting_review, name="meeting_review"),
]

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
