"""The office's form of a theme, new or changed. Its small buttons only fill it in further and store nothing."""

from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from activities.forms.themes import (
    EMPTY_ROWS,
    ThemeForm,
    activity_label,
    books_form,
    offered_activities,
    rows_in,
    stored_books,
    stored_theme,
)
from activities.models import Activity, Theme
from activities.services.theme_templates import TEMPLATES
from activities.services.theming import MOST_BOOKS, edit_theme, make_theme
from activities.views.call_form import office_behind
from activities.views.calls import hosts_in
from activities.views.versions import seen_version
from organization.desk import desk_scope, is_id, standpoint_of
from organization.restoring import restored
from organization.services.lives import Stale
from organization.services.roles import NotAllowed

FIELDS = ("title", "since", "until", "description", "document", "department")
YEARS_AHEAD = 2


class Sent(NamedTuple):
    """A form as it was sent: its parts, and the ids of ticked activities."""

    form: ThemeForm
    books: Any
    ticked: set[int]


def sent_form(request: HttpRequest) -> Sent:
    return Sent(
        ThemeForm(request.POST, standpoint=standpoint_of(request)), books_form(request.POST), ticked_in(request.POST)
    )


def ticked_in(data: Any) -> set[int]:
    return {int(each) for each in data.getlist("activities") if is_id(each)}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def theme_new(request: HttpRequest) -> HttpResponse:
    viewer = office_behind(request)
    if request.method != "POST":
        return opened(request, None)
    if fills_in(request.POST):
        return filled_in(request, request.POST, None)
    sent = sent_form(request)
    if all([sent.form.is_valid(), sent.books.is_valid()]):
        chosen = {"books": sent.books.listed, "activities": sent.ticked}
        try:
            made = make_theme(content=sent.form.content, by=viewer, now=timezone.now(), **chosen)
        except (NotAllowed, ValueError) as error:
            sent.form.add_error(None, str(error))
        else:
            messages.success(request, "主题阅读已建立。")
            return redirect("theme", made.pk)
    return page(request, sent, None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def theme_edit(request: HttpRequest, theme_id: int) -> HttpResponse:
    viewer = office_behind(request)
    found = get_object_or_404(Theme, pk=theme_id)
    if not hosts_in(request, found.department_id):
        raise Http404
    if request.method != "POST":
        return opened(request, found)
    if fills_in(request.POST):
        return filled_in(request, request.POST, found)
    sent = sent_form(request)
    if all([sent.form.is_valid(), sent.books.is_valid()]):
        seen = seen_version(request.POST.get("version", ""))
        chosen = {"books": sent.books.listed, "activities": sent.ticked}
        try:
            edit_theme(theme=found, seen=seen, content=sent.form.content, by=viewer, now=timezone.now(), **chosen)
        except Stale:
            found.refresh_from_db()
            return page(request, sent, found, stale=True)
        except (NotAllowed, ValueError) as error:
            sent.form.add_error(None, str(error))
        else:
            messages.success(request, "主题阅读已保存。")
            return redirect("theme", found.pk)
    return page(request, sent, found, seen=seen_version(request.POST.get("version", "")))


def opened(request: HttpRequest, theme: Theme | None) -> HttpResponse:
    """As it is stored, from a template, or as it was left when the session ended."""
    kept = restored(request)
    if kept is not None:
        return filled_in(request, kept, theme)
    if theme is not None:
        initial, rows = stored_theme(theme), [*stored_books(theme), {}]
        ticked = set(theme.activities.values_list("pk", flat=True))
    else:
        initial, ticked = template_in(request)
        rows = [{} for _ in range(EMPTY_ROWS)]
    form = ThemeForm(standpoint=standpoint_of(request), initial=initial)
    return page(request, Sent(form, books_form(initial=rows[:MOST_BOOKS]), ticked), theme)


def template_in(request: HttpRequest) -> tuple[dict[str, Any], set[int]]:
    """What the template of the address fills in for its year, and the activities that go with it."""
    template = TEMPLATES.get(asked_for(request, "template"))
    if template is None:
        return {}, set()
    initial = template.filled(chosen_year(request))
    near = Activity.objects.editable_in(desk_scope(request)).standing().touching(initial["since"], initial["until"])
    ticked = near.filter(category__in=template.categories, theme__isnull=True)
    return initial, set(ticked.values_list("pk", flat=True))


def chosen_year(request: HttpRequest) -> int:
    today, asked = timezone.localdate(), asked_for(request, "year")
    offered = years(today)
    return int(asked) if is_id(asked) and int(asked) in offered else today.year


def asked_for(request: HttpRequest, name: str) -> str:
    """Of the template: chosen in the address, and sent along with the form that it filled in."""
    return str(request.POST.get(name) or request.GET.get(name, ""))


def years(today: date) -> list[int]:
    return list(range(today.year - 1, today.year + YEARS_AHEAD))


def fills_in(data: Any) -> bool:
    return data.get("action", "").partition(":")[0] in ("more", "find", "period")


def filled_in(request: HttpRequest, data: Any, theme: Theme | None) -> HttpResponse:
    """The form as it was typed, with what one of its small buttons adds."""
    action, _, which = data.get("action", "").partition(":")
    rows = rows_in(data)
    if action == "more":
        rows = [*rows, *({} for _ in range(EMPTY_ROWS))][:MOST_BOOKS]
    books = books_form(initial=rows)
    place = int(which) if action == "find" and is_id(which) else None
    if place is not None and place < len(books.forms):
        books.forms[place].look_up()
    form = ThemeForm(standpoint=standpoint_of(request), initial={name: data.get(name, "") for name in FIELDS})
    sent = Sent(form, books, ticked_in(data))
    return page(request, sent, theme, seen=seen_version(data.get("version", "")) if theme else None)


def page(
    request: HttpRequest, sent: Sent, theme: Theme | None, *, stale: bool = False, seen: int | None = None
) -> HttpResponse:
    since, until = (day_in(sent.form, name) for name in ("since", "until"))
    offered = offered_activities(desk_scope(request), since, until, theme)
    context = {
        "form": sent.form,
        "books": sent.books,
        "theme": theme,
        "offered": [(each, activity_label(each), each.pk in sent.ticked) for each in offered],
        "templates": [(key, each.title) for key, each in TEMPLATES.items()],
        "template": asked_for(request, "template"),
        "years": years(timezone.localdate()),
        "year": chosen_year(request),
        "seen": seen if seen is not None else theme.version if theme else 0,
        "stale": stale,
        "most": MOST_BOOKS,
    }
    return render(request, "themes/form.html", context, status=409 if stale else 200)


def day_in(form: ThemeForm, name: str) -> date | None:
    try:
        found: date | None = form.fields[name].clean(form[name].value())
    except forms.ValidationError:
        return None
    return found
