from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from activities.services.sign_up_lists import coming_for
from assessment.services.department import waits_for_an_answer
from assessment.services.owed import Grounds, duties_of
from assessment.services.personal import own_year, standings_in, years_on_record
from assessment.services.shelf import (
    gaps_of_last_year,
    shelf_of,
    stands,
    takes_last_year,
    with_waiting,
    works_by_quarter,
)
from notices.models import Notice
from organization.desk import signed_in
from organization.roles import ADMINISTRATORS
from organization.ways import is_ours
from reading.services.listing import in_hand
from reading.services.plan_view import current_plan
from submissions.services.own import own_works
from submissions.states import State

TYPE_KEPT = timedelta(days=365)
NOTICES = 5


@require_safe
@never_cache
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """One's own year and nobody else's."""
    viewer = signed_in(request)
    today = timezone.localdate()
    years = sorted({today.year, *years_on_record(viewer)}, reverse=True)
    chosen = request.GET.get("year", str(today.year))
    if chosen not in map(str, years):
        raise Http404
    year, books = int(chosen), own_works(viewer)
    late = year == today.year and takes_last_year(today)
    grounds, standings = Grounds(viewer), standings_in(viewer, year, *([year - 1] if late else []))
    own = own_year(viewer, year, {book.submission.reference: book.submission_id for book in books}, standings)
    shelf = shelf_of(year=year, bounds=duties_of(grounds, year, today, own.standings), books=books, today=today)
    before = gaps_of_last_year(grounds, standings, books, today) if late else []
    context = {
        "years": years,
        "own": own,
        "assessed": [with_waiting(each, shelf.tallies) for each in (own.latest, own.whole) if each],
        "shelf": shelf,
        "gaps": [*before, *shelf.gaps],
        "returned": [book for book in books if book.submission.state == State.RETURNED and stands(book)],
        "drafts": [book.submission for book in books if book.submission.state == State.DRAFT],
        "asked": [book.submission for book in books if waits_for_an_answer(book)],
        "notices": Notice.objects.of(viewer)[:NOTICES],
        "in_hand": in_hand(viewer),
        "coming": coming_for(viewer, timezone.now()),
        "today": today,
        "works": works_by_quarter(books, year),
        "plan": current_plan(viewer, today) if year == today.year else None,
        "for_administration": viewer.has_role(*ADMINISTRATORS) and not books and not own.standings,
    }
    return render(request, "me.html", context)


@require_safe
@login_required
def recording_help(request: HttpRequest) -> HttpResponse:
    """How to record well, in the page or with a telephone."""
    return render(request, "works/recording_help.html")


@require_POST
def type_size(request: HttpRequest) -> HttpResponse:
    """The reader's choice of large type, kept in the browser, so that the log-in page knows it too."""
    target = request.POST.get("next", "")
    response = redirect(target if is_ours(request, target) else "home")
    if request.POST.get("size") == "large":
        response.set_cookie(
            "type", "large", max_age=TYPE_KEPT, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie("type", samesite="Lax")
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Without a look at the form: Django's own page reads it, and fails again where the form is what is wrong."""
    return render(request, "400.html", status=400)
