"""The activities' addresses, area by area; each list is included at the portal's root."""

from django.urls import URLPattern, path

from activities.views import (
    materials,
    minutes,
    photographs,
    questionnaire_answer,
    questionnaire_edit,
    questionnaire_results,
    questionnaires,
)

series_urls: list[URLPattern] = []

activity_urls: list[URLPattern] = []

sign_up_urls: list[URLPattern] = []

attendance_urls: list[URLPattern] = []

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

calls_urls: list[URLPattern] = []

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
    path(f"{ONE}answer/", questionnaire_answer.questionnaire_answer, name="questionnaire_answer"),
    path(f"{ONE}results/", questionnaire_results.questionnaire_results, name="questionnaire_results"),
    path(f"{ONE}workbook/", questionnaire_results.questionnaire_workbook, name="questionnaire_workbook"),
]

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
