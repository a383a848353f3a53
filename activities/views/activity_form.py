"""The form of an activity, new or changed. Its small buttons only fill it in further and store nothing."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from activities.forms.activity import (
    BOOKS,
    EMPTY_ROWS,
    MOST_BOOKS,
    MOST_SPEAKERS,
    SPEAKERS,
    ActivityForm,
    SpeakerForm,
    book_set,
    copied,
    empty_fields,
    offered_lecturers,
    speaker_set,
    stored_books,
    stored_fields,
    stored_speakers,
)
from activities.kinds import CATEGORIES, Tag
from activities.models import Activity, Theme
from activities.services.content import ActivityContent
from activities.services.scheduling import edit, schedule
from activities.states import ACTIVITY_TRANSITIONS, ActivityAction
from activities.views.answers import REFUSED, office_of
from organization.desk import desk_scope, is_id, signed_in, standpoint_of
from organization.models import Standpoint
from organization.restoring import restored
from organization.services.lives import FieldRefused, Stale
from shuxiang.form_rows import typed_rows

SMALL = ("speakers", "books", "find")


@dataclass
class Sheet:
    """The form with its two sets of rows; `at` is the book that was just looked for."""

    form: ActivityForm
    speakers: Any
    books: Any
    at: int | None = None

    def is_valid(self) -> bool:
        """Judges all, so that everything that is wrong is told at once."""
        return all([self.form.is_valid(), self.speakers.is_valid(), self.books.is_valid()])

    def content(self) -> ActivityContent:
        return self.form.content(self.speakers, self.books)

    def refuse(self, error: Exception) -> None:
        self.form.add_error(error.field if isinstance(error, FieldRefused) else None, str(error))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def activity_new(request: HttpRequest) -> HttpResponse:
    """Empty, from an earlier activity (`?copy=`), or for a theme (`?theme=`)."""
    viewer = office_of(request)
    sheet = sheet_of(request, None)
    if sheet.form.is_bound and sheet.is_valid():
        try:
            made = schedule(content=sheet.content(), by=viewer, now=timezone.now())
        except REFUSED as error:
            sheet.refuse(error)
        else:
            messages.success(request, f"活动已安排，编号 {made.reference}。")
            return redirect("activity", made.pk)
    return page(request, sheet, None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def activity_edit(request: HttpRequest, activity_id: int) -> HttpResponse:
    viewer = office_of(request)
    rows = Activity.objects.editable_in(desk_scope(request)).select_related("department", "organiser", "theme")
    found = get_object_or_404(rows, pk=activity_id)
    if (found.state, ActivityAction.EDIT) not in ACTIVITY_TRANSITIONS and request.method != "POST":
        messages.info(request, f"活动现在是“{found.get_state_display()}”，不能修改；要修改请先恢复。")
        return redirect("activity", found.pk)
    sheet, is_stale = sheet_of(request, found), False
    if sheet.form.is_bound and sheet.is_valid():
        seen = seen_version(request.POST.get("version", ""))
        try:
            edit(activity=found, seen=seen, content=sheet.content(), by=viewer, now=timezone.now())
        except Stale:
            is_stale = True
            found.refresh_from_db()
        except REFUSED as error:
            sheet.refuse(error)
        else:
            messages.success(request, "活动已保存。")
            return redirect("activity", found.pk)
    return page(request, sheet, found, is_stale=is_stale)


def sheet_of(request: HttpRequest, activity: Activity | None) -> Sheet:
    """As stored or copied, as sent to be saved, or as typed so far: with more rows, or when the session ended."""
    stored, standpoint = ActivityContent.of(activity) if activity else None, standpoint_of(request)
    action, _, which = request.POST.get("action", "").partition(":")
    so_far = request.POST if action in SMALL else restored(request)
    if so_far is not None:
        return typed(so_far, standpoint, stored, action, which)
    if request.method == "POST":
        form = ActivityForm(request.POST, standpoint=standpoint, stored=stored)
        typed_books = typed_rows(request.POST, BOOKS, ("title", "book"), MOST_BOOKS + 1)
        return Sheet(form, speaker_set(stored, request.POST), book_set(typed_books, request.POST))
    content = stored or earlier(request)
    if content is None:
        form = ActivityForm(standpoint=standpoint, initial=empty_fields(theme_in(request)))
        return Sheet(form, speaker_set(None), book_set([]))
    initial = stored_fields(content) if stored else copied(content)
    form = ActivityForm(standpoint=standpoint, stored=stored, initial=initial)
    return Sheet(form, speaker_set(stored, initial=stored_speakers(content)), book_set(stored_books(content)))


def earlier(request: HttpRequest) -> ActivityContent | None:
    """What the new activity is copied from."""
    key, seen = request.GET.get("copy", ""), standpoint_of(request).neighbourhood
    rows = Activity.objects.in_sight_of(signed_in(request), seen).select_related("department", "organiser", "theme")
    found = rows.filter(pk=int(key)).first() if is_id(key) else None
    return ActivityContent.of(found) if found else None


def theme_in(request: HttpRequest) -> Theme | None:
    """The theme that the address names, of those that the form offers."""
    key, seen = request.GET.get("theme", ""), standpoint_of(request).neighbourhood
    return Theme.objects.in_use().in_neighbourhood(seen).filter(pk=int(key)).first() if is_id(key) else None


def typed(sent: Any, standpoint: Standpoint, stored: ActivityContent | None, action: str, which: str) -> Sheet:
    form = ActivityForm(standpoint=standpoint, stored=stored, initial=sent.dict())
    speakers = speaker_set(stored, initial=typed_rows(sent, SPEAKERS, list(SpeakerForm.base_fields), MOST_SPEAKERS))
    books = book_set(typed_rows(sent, BOOKS, ("title", "book"), MOST_BOOKS))
    speakers.extra = EMPTY_ROWS
    place = int(which) if action == "find" and is_id(which) else None
    if place is not None and place < len(books.forms):
        books.forms[place].look_up()
    return Sheet(form, speakers, books, place)


def page(request: HttpRequest, sheet: Sheet, activity: Activity | None, *, is_stale: bool = False) -> HttpResponse:
    sent = request.POST.get("version") if request.method == "POST" else sheet.form.initial.get("version")
    stored = activity.version if activity else 0
    context = {
        "form": sheet.form,
        "tags": [sheet.form[tag.value] for tag in Tag],
        "speakers": sheet.speakers,
        "books": sheet.books,
        "activity": activity,
        "version": stored if is_stale or not sent else seen_version(sent),
        "is_stale": is_stale,
        "at": sheet.at,
        "categories": CATEGORIES,
        "lecturers": offered_lecturers(),
    }
    return render(request, "activities/form.html", context, status=409 if is_stale else 200)


def seen_version(text: str) -> int:
    """The version that a page was made of; -1, which no activity has, where the form was tampered with."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
