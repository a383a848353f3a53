from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from assessment.views import appraisal, board, department, results, workbook
from notices import views as notices_views
from organization import views as organization_views
from reading.views import leads, pictures, plan_form, plan_steps, plans
from shuxiang import views
from submissions.views import drafts, files, life, media, showcase
from submissions.views import work as works

appraisal_urls = [
    path("", appraisal.appraisal, name="appraisal"),
    path("<str:code>/", appraisal.appraisal, name="appraisal"),
    path("<str:code>/run/", appraisal.appraisal_run, name="appraisal_run"),
    path("<str:code>/progress/", appraisal.appraisal_progress, name="appraisal_progress"),
    path("<str:code>/people/", results.appraisal_people, name="appraisal_people"),
    path("<str:code>/people/<int:cadre_id>/", results.appraisal_person, name="appraisal_person"),
    path("<str:code>/departments/<int:department_id>/", results.appraisal_department, name="appraisal_department"),
    path("<str:code>/entries/", results.appraisal_entries, name="appraisal_entries"),
    path("<str:code>/works/", results.appraisal_works, name="appraisal_works"),
    path("<str:code>/workbook/", workbook.appraisal_workbook, name="appraisal_workbook"),
    path("<str:code>/export/", workbook.appraisal_export, name="appraisal_export"),
    path("<str:code>/export/progress/", appraisal.appraisal_export_progress, name="appraisal_export_progress"),
    path("<str:code>/export/<uuid:export_id>/", workbook.appraisal_export_file, name="appraisal_export_file"),
]

notices_urls = [
    path("", notices_views.notices, name="notices"),
    path("read/", notices_views.notices_read, name="notices_read"),
    path("<int:notice_id>/open/", notices_views.notice_open, name="notice_open"),
]

works_urls = [
    path("new/", drafts.work_choice, name="work_choice"),
    path("new/<str:kind>/", drafts.work_new, name="work_new"),
    path("files/<str:role>/", files.new_work_file, name="new_work_file"),
    path("<int:work_id>/", works.work, name="work"),
    path("<int:work_id>/edit/", drafts.work_edit, name="work_edit"),
    path("<int:work_id>/discard/", drafts.work_discard, name="work_discard"),
    path("<int:work_id>/withdraw/", life.work_withdraw, name="work_withdraw"),
    path("<int:work_id>/confirm/", life.work_confirm, name="work_confirm"),
    path("<int:work_id>/members/", life.work_members, name="work_members"),
    path("<int:work_id>/step/", life.work_step, name="work_step"),
    path("<int:work_id>/consent/", life.work_consent, name="work_consent"),
    path("<int:work_id>/compare/", life.work_compare, name="work_compare"),
    path("<int:work_id>/files/<str:role>/", files.work_file, name="work_file"),
]

# The reading room, area by area.
reading_urls = [
    path("pictures/<int:picture_id>/", pictures.picture, name="picture"),
    # plans
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plan_form.plan_new, name="plan_new"),
    path("plans/<int:plan_id>/", plans.plan, name="plan"),
    path("plans/<int:plan_id>/edit/", plan_form.plan_edit, name="plan_edit"),
    path("plans/<int:plan_id>/complete/", plan_steps.plan_complete, name="plan_complete"),
    path("plans/<int:plan_id>/confirm/", plan_steps.plan_confirm, name="plan_confirm"),
    path("plans/<int:plan_id>/revoke/", plan_steps.plan_revoke, name="plan_revoke"),
    path("plans/<int:plan_id>/step/", plan_steps.plan_step, name="plan_step"),
    path("plans/<int:plan_id>/notes/", plan_steps.plan_note, name="plan_note"),
    path("plans/<int:plan_id>/books/<int:item_id>/", plan_steps.plan_book, name="plan_book"),
    path("leads/", leads.leads, name="leads"),
    path("leads/print/", leads.leads_print, name="leads_print"),
    path("leads/<int:leader_id>/<int:year>-<int:month>/", leads.lead_edit, name="lead_edit"),
]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="me"), name="home"),
    path("me/", views.me, name="me"),
    path("type/", views.type_size, name="type"),
    path("help/recording/", views.recording_help, name="recording_help"),
    path("login/", organization_views.LoginView.as_view(), name="login"),
    path("logout/", organization_views.LogoutView.as_view(), name="logout"),
    path("password/", organization_views.password, name="password"),
    path("works/", showcase.showcase, name="showcase"),
    path("works/", include(works_urls)),
    path("notices/", include(notices_urls)),
    path("department/", department.department, name="department"),
    path("department/remind/", department.department_remind, name="department_remind"),
    path("board/", board.board, name="board"),
    path("appraisal/", include(appraisal_urls)),
    path("media/<uuid:attachment_id>/", media.media, name="media"),
    path("media/<uuid:attachment_id>/original/", media.media_original, name="media_original"),
    path("media/<uuid:attachment_id>/status/", media.media_status, name="media_status"),
    path("", include(reading_urls)),
    path("admin/", admin.site.urls),
]

handler400 = "shuxiang.views.bad_request"
