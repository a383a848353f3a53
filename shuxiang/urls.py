from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from assessment.views import appraisal, board, department, results, workbook
from notices import views as notices_views
from organization import views as organization_views
from reading.views import (
    book_files,
    books,
    cataloguing,
    copy,
    counter,
    counting,
    differences,
    digital,
    donations,
    labels,
    loans,
    photographs,
    pictures,
    places,
    planner,
    projects,
    renewal,
    stocktakes,
    suggestions,
)
from shuxiang import views
from submissions.views import books, drafts, files, life, media, showcase
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
    path("books/", books.work_books, name="work_books"),
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
    path("<int:work_id>/suggest/", life.work_suggest, name="work_suggest"),
    path("<int:work_id>/compare/", life.work_compare, name="work_compare"),
    path("<int:work_id>/files/<str:role>/", files.work_file, name="work_file"),
]

# The reading room, area by area.
reading_urls = [
    path("pictures/<int:picture_id>/", pictures.picture, name="picture"),
    # catalogue
    path("books/", books.books, name="books"),
    path("books/isbn/", books.book_isbn, name="book_isbn"),
    path("books/new/", cataloguing.book_new, name="book_new"),
    path("books/copies/", cataloguing.copies, name="copies"),
    path("books/<int:book_id>/", books.book, name="book"),
    path("books/<int:book_id>/edit/", cataloguing.book_edit, name="book_edit"),
    path("books/<int:book_id>/copies/", cataloguing.book_copies, name="book_copies"),
    path("books/<int:book_id>/cover/", cataloguing.book_cover, name="book_cover"),
    path("labels/", labels.labels, name="labels"),
    path("labels/places/", labels.labels_places, name="labels_places"),
    # loans
    path("counter/", counter.counter, name="counter"),
    path("counter/undo/", counter.counter_undo, name="counter_undo"),
    path("counter/overdue/", counter.counter_overdue, name="counter_overdue"),
    path("loans/", loans.loans, name="loans"),
    path("loans/forget/", loans.loans_forget, name="loans_forget"),
    path("loans/<int:loan_id>/renew/", loans.loan_renew, name="loan_renew"),
    path("loans/<int:loan_id>/remind/", counter.loan_remind, name="loan_remind"),
    path("loans/<int:loan_id>/end/", counter.loan_end, name="loan_end"),
    path("copies/", copy.copy_find, name="copy_find"),
    path("copies/<path:barcode>/borrow/", copy.copy_borrow, name="copy_borrow"),
    path("copies/<path:barcode>/return/", copy.copy_return, name="copy_return"),
    path("copies/<path:barcode>/", copy.copy, name="copy"),
    path("books/<int:book_id>/hold/", loans.book_hold, name="book_hold"),
    path("holds/<int:hold_id>/cancel/", loans.hold_cancel, name="hold_cancel"),
    # places and facility projects
    path("pictures/<int:picture_id>/remove/", photographs.photograph_remove, name="photograph_remove"),
    path("spaces/", places.spaces, name="spaces"),
    path("spaces/new/", places.space_new, name="space_new"),
    path("spaces/projects/", projects.projects, name="projects"),
    path("spaces/projects/new/", projects.project_new, name="project_new"),
    path("spaces/projects/<int:project_id>/", projects.project, name="project"),
    path("spaces/projects/<int:project_id>/edit/", projects.project_edit, name="project_edit"),
    path("spaces/projects/<int:project_id>/photograph/", photographs.project_photograph, name="project_photograph"),
    path("spaces/<int:space_id>/", places.space, name="space"),
    path("spaces/<int:space_id>/edit/", places.space_edit, name="space_edit"),
    path("spaces/<int:space_id>/move/", places.space_move, name="space_move"),
    path("spaces/<int:space_id>/photograph/", photographs.space_photograph, name="space_photograph"),
    # stocktakes
    path("stocktakes/", stocktakes.stocktakes, name="stocktakes"),
    path("stocktakes/start/", stocktakes.stocktake_start, name="stocktake_start"),
    path("stocktakes/<int:stocktake_id>/", counting.stocktake, name="stocktake"),
    path("stocktakes/<int:stocktake_id>/live/", counting.stocktake_live, name="stocktake_live"),
    path("stocktakes/<int:stocktake_id>/scan/", counting.stocktake_scan, name="stocktake_scan"),
    path("stocktakes/<int:stocktake_id>/unscan/", counting.stocktake_unscan, name="stocktake_unscan"),
    path("stocktakes/<int:stocktake_id>/list/", counting.stocktake_list, name="stocktake_list"),
    path("stocktakes/<int:stocktake_id>/compare/", stocktakes.stocktake_compare, name="stocktake_compare"),
    path("stocktakes/<int:stocktake_id>/count/", stocktakes.stocktake_count, name="stocktake_count"),
    path("stocktakes/<int:stocktake_id>/finish/", stocktakes.stocktake_finish, name="stocktake_finish"),
    path("stocktakes/<int:stocktake_id>/report/", stocktakes.stocktake_report, name="stocktake_report"),
    path("stocktakes/<int:stocktake_id>/workbook/", stocktakes.stocktake_workbook, name="stocktake_workbook"),
    path("stocktakes/<int:stocktake_id>/differences/", differences.stocktake_differences, name="stocktake_differences"),
    path(
        "stocktakes/<int:stocktake_id>/differences/<int:difference_id>/",
        differences.difference_resolve,
        name="difference_resolve",
    ),
    path(
        "stocktakes/<int:stocktake_id>/differences/<int:difference_id>/undo/",
        differences.difference_undo,
        name="difference_undo",
    ),
    # suggestions, donations, renewal
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("suggestions/new/", suggestions.suggestion_new, name="suggestion_new"),
    path("suggestions/<int:suggestion_id>/", suggestions.suggestion, name="suggestion"),
    path("suggestions/<int:suggestion_id>/edit/", suggestions.suggestion_edit, name="suggestion_edit"),
    path("suggestions/<int:suggestion_id>/vote/", suggestions.suggestion_vote, name="suggestion_vote"),
    path("suggestions/<int:suggestion_id>/decide/", suggestions.suggestion_decide, name="suggestion_decide"),
    path("suggestions/<int:suggestion_id>/buy/", suggestions.suggestion_buy, name="suggestion_buy"),
    path("donations/", donations.donations, name="donations"),
    path("donations/new/", donations.donation_new, name="donation_new"),
    path("donations/<int:donation_id>/", donations.donation, name="donation"),
    path("donations/<int:donation_id>/step/", donations.donation_step, name="donation_step"),
    path("donations/<int:donation_id>/certificate/", donations.donation_certificate, name="donation_certificate"),
    path("renewal/", renewal.renewal, name="renewal"),
    path("renewal/planner/", planner.renewal_planner, name="renewal_planner"),
    path("renewal/planner/list/", planner.buying_list_file, name="buying_list"),
    path("renewal/<int:year>/", renewal.renewal, name="renewal"),
    path("renewal/<int:year>/workbook/", renewal.renewal_workbook_file, name="renewal_workbook"),
    path("renewal/<int:year>/<str:part>/", renewal.renewal_titles, name="renewal_titles"),
    path("books/workbook/", book_files.books_workbook, name="books_workbook"),
    path("digital/", digital.digital, name="digital"),
    path("digital/new/", digital.digital_new, name="digital_new"),
    path("digital/<int:resource_id>/", digital.digital_resource, name="digital_resource"),
    path("digital/<int:resource_id>/edit/", digital.digital_edit, name="digital_edit"),
    path("digital/<int:resource_id>/open/", digital.digital_open, name="digital_open"),
    path("digital/<int:resource_id>/check/", digital.digital_check, name="digital_check"),
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
