"""The activities' addresses, area by area; each list is included at the portal's root."""

from django.urls import URLPattern, path

from activities.views import (
    activities,
    activity,
    activity_form,
    attendance,
    attendance_record,
    calendar,
    call_form,
    calls,
    commitments,
    feedback,
    findings,
    materials,
    meetings,
    minutes,
    photographs,
    questionnaire_answer,
    questionnaire_edit,
    questionnaire_results,
    questionnaires,
    receipts,
    registrations,
    series,
    series_form,
    sheet,
    sign_up,
    theme_form,
    themes,
)

series_urls: list[URLPattern] = [
    path("series/", series.series_list, name="series_list"),
    path("series/new/", series_form.series_new, name="series_new"),
    path("series/<int:series_id>/", series.series, name="series"),
    path("series/<int:series_id>/edit/", series_form.series_edit, name="series_edit"),
    path("series/<int:series_id>/pause/", series.series_pause, name="series_pause"),
    path("series/<int:series_id>/generate/", series.series_generate, name="series_generate"),
    path("series/<int:series_id>/cancel/", series.series_cancel, name="series_cancel"),
]

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

media_urls: list[URLPattern] = [
    path("activities/<int:activity_id>/materials/", materials.materials, name="materials"),
    path("themes/<int:theme_id>/materials/", materials.theme_materials, name="theme_materials"),
    path("calls/<int:call_id>/materials/", materials.call_materials, name="call_materials"),
    path("materials/<int:material_id>/", materials.material, name="material"),
    path("materials/<int:material_id>/remove/", materials.material_remove, name="material_remove"),
    path("activities/<int:activity_id>/photographs/", photographs.activity_photographs, name="activity_photographs"),
    path(
        "activities/<int:activity_id>/photographs/arrange/",
        photographs.activity_photographs_arrange,
        name="activity_photographs_arrange",
    ),
    path(
        "activities/<int:activity_id>/photographs/<int:photograph_id>/",
        photographs.activity_photograph,
        name="activity_photograph",
    ),
    path("activity-pictures/<int:photograph_id>/", photographs.activity_picture, name="activity_picture"),
    path(
        "activity-pictures/<int:photograph_id>/remove/",
        photographs.activity_photograph_remove,
        name="activity_photograph_remove",
    ),
    path("activities/<int:activity_id>/minutes/", minutes.minutes, name="minutes"),
    path("activities/<int:activity_id>/minutes/print/", minutes.minutes_print, name="minutes_print"),
]

calls_urls: list[URLPattern] = [
    path("themes/", themes.themes, name="themes"),
    path("themes/new/", theme_form.theme_new, name="theme_new"),
    path("themes/<int:theme_id>/", themes.theme, name="theme"),
    path("themes/<int:theme_id>/edit/", theme_form.theme_edit, name="theme_edit"),
    path("themes/<int:theme_id>/close/", themes.theme_close, name="theme_close"),
    path("themes/<int:theme_id>/print/", themes.theme_print, name="theme_print"),
    path("calls/", calls.calls, name="calls"),
    path("calls/new/", call_form.call_new, name="call_new"),
    path("calls/<int:call_id>/", calls.call, name="call"),
    path("calls/<int:call_id>/edit/", call_form.call_edit, name="call_edit"),
    path("calls/<int:call_id>/state/", call_form.call_state, name="call_state"),
    path("calls/<int:call_id>/print/", calls.call_print, name="call_print"),
    path("commitments/", commitments.commitments, name="commitments"),
    path("commitments/<int:year>/<int:commitment_id>/", commitments.commitment, name="commitment"),
]

ONE = "questionnaires/<int:questionnaire_id>/"
questionnaires_urls: list[URLPattern] = [
    path("questionnaires/", questionnaires.questionnaires, name="questionnaires"),
    path("questionnaires/new/", questionnaires.questionnaire_new, name="questionnaire_new"),
    path(ONE, questionnaires.questionnaire, name="questionnaire"),
    path(f"{ONE}open/", questionnaires.questionnaire_open, name="questionnaire_open"),
    path(f"{ONE}step/", questionnaires.questionnaire_step, name="questionnaire_step"),
    path(f"{ONE}edit/", questionnaire_edit.questionnaire_edit, name="questionnaire_edit"),
    path(f"{ONE}preview/", questionnaire_edit.questionnaire_preview, name="questionnaire_preview"),
    path(f"{ONE}questions/new/", questionnaire_edit.question_new, name="question_new"),
    path(f"{ONE}questions/<int:question_id>/", questionnaire_edit.question_edit, name="question_edit"),
    path(f"{ONE}questions/<int:question_id>/step/", questionnaire_edit.question_step, name="question_step"),
    path(f"{ONE}questions/<int:question_id>/remove/", questionnaire_edit.question_remove, name="question_remove"),
    path(f"{ONE}answer/", questionnaire_answer.questionnaire_answer, name="questionnaire_answer"),
    path(f"{ONE}results/", questionnaire_results.questionnaire_results, name="questionnaire_results"),
    path(f"{ONE}workbook/", questionnaire_results.questionnaire_workbook, name="questionnaire_workbook"),
]

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
