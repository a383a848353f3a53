"""The ledger of findings: what everybody sees of it, and what its office, leaders and owners do with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from activities.exports.findings import findings_workbook as made_workbook
from activities.forms.findings import (
    AssignForm,
    FindingDecideForm,
    FindingForm,
    FindingReplyForm,
    ProgressForm,
)
from activities.models import Activity, Feedback, Finding, Questionnaire
from activities.models.feedback import ANSWERERS
from activities.services.findings import (
    Source,
    assign_finding,
    drop_finding,
    handles,
    may_raise,
    raise_finding,
    reopen_finding,
    reply_to_finding,
    report_progress,
    solve_finding,
)
from activities.views.answers import REFUSED
from activities.views.finding_filter import FindingFilter
from activities.views.finding_page import finding_page, typed_beside
from organization.desk import is_id, signed_in
from organization.models import AccessAction, Cadre
from organization.restoring import read_token, restored
from organization.services.audit import record_event
from organization.services.naming import departments_of
from organization.services.places import unit_name
from organization.ways import sent_from
from shuxiang.downloads import workbook

PER_PAGE = 20
# Where a finding may be raised from, as the address names it, with the page that leads there.
SOURCES: dict[str, tuple[Any, str]] = {
    "activity": (Activity, "activity"),
    "meeting": (Activity.objects.progress_meetings(), "meeting"),
    "questionnaire": (Questionnaire, "questionnaire_results"),
    "feedback": (Feedback, "feedback"),
}
DECISIONS = {"solve": solve_finding, "drop": drop_finding, "reopen": reopen_finding}
DONE = {"solve": "已记为已整改。", "drop": "已记为不再跟踪。", "reopen": "已改为重新整改。"}


@require_safe
@never_cache
@login_required
def findings(request: HttpRequest) -> HttpResponse:
    """For office and leaders all of their scope, for everybody the own and the public ones."""
    viewer, today = signed_in(request), timezone.localdate()
    follows = viewer.has_role(*ANSWERERS)
    chosen = FindingFilter.read(request.GET, follows)
    rows = Finding.objects.followed_by(viewer) if follows else Finding.objects.public_to(viewer)
    found = chosen.among(rows, today).select_related("owner", "activity", "questionnaire")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    places = departments_of({each.owner_id for each in page if each.owner_id}, today)
    context = {
        "chosen": chosen,
        "page": page,
        "rows": [(each, places.get(each.owner_id or 0, "")) for each in page],
        "kept": f"{chosen.address}&" if chosen.address else "",
        "own": Finding.objects.open().filter(owner=viewer).order_by("due_on", "pk")[:PER_PAGE],
        "follows": follows,
        "lacking": rows.lacking().count() if follows else 0,
        "today": today,
    }
    return render(request, "findings.html", context)


@require_safe
@never_cache
@login_required
def findings_workbook(request: HttpRequest) -> HttpResponseBase:
    viewer, today = signed_in(request), timezone.localdate()
    if not viewer.has_role(*ANSWERERS):
        raise Http404
    chosen = FindingFilter.read(request.GET, True)
    rows = chosen.among(Finding.objects.followed_by(viewer), today).select_related("owner", "activity", "questionnaire")
    name = f"问题台账{today}.xlsx"
    record_event(action=AccessAction.EXPORT, actor=viewer, about="问题台账", detail=f"{name} {chosen.words}")
    return workbook(made_workbook(rows, unit_name(), today), name)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def finding_new(request: HttpRequest) -> HttpResponse:
    """`?activity=`, `?meeting=`, `?questionnaire=` or `?feedback=` names where it was found."""
    viewer = signed_in(request)
    if not {*SOURCES} & {*request.GET}:
        said = viewer.has_role(*ANSWERERS)  # their list says where, with links
        where = "问题从发现它的地方登记，请按下面的链接打开。" if said else render_to_string("findings/where.html")
        messages.warning(request, where)
        return redirect("findings")
    source, page = source_of(request, viewer)
    address = reverse(page, args=[source.pk])
    kept = restored(request, source=address)
    form = FindingForm(request.POST if request.method == "POST" else None, initial=kept.dict() if kept else None)
    if form.is_valid():
        try:
            made = raise_finding(by=viewer, text=form.cleaned_data["text"], source=source, now=timezone.now())
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "问题已登记，请接着写明措施、责任人和期限。")
            return redirect("finding", made.pk)
    context = {"form": form, "source": source, "kind": type(source).__name__, "back": address}
    return render(request, "findings/new.html", context)


def source_of(request: HttpRequest, viewer: Cadre) -> tuple[Source, str]:
    """What the address names and the name of its page, where the viewer may raise something there; else 404."""
    name = next(name for name in SOURCES if name in request.GET)
    key = request.GET[name]
    pk = read_token(key) if name == "feedback" else int(key) if is_id(key) else None
    rows, page = SOURCES[name]
    source: Source = get_object_or_404(rows, pk=pk)
    if not may_raise(viewer, source):
        raise Http404
    return source, page


@require_safe
@never_cache
@login_required
def finding(request: HttpRequest, finding_id: int) -> HttpResponse:
    return finding_page(request, finding_id)


@sent_from("finding", "finding_id")
@never_cache
@login_required
def finding_assign(request: HttpRequest, finding_id: int) -> HttpResponse:
    viewer, found = finding_of(request, finding_id)
    form = AssignForm(request.POST, viewer=viewer, finding=found, today=timezone.localdate())

    def step(data: dict[str, Any]) -> str:
        columns = {name: data[name] for name in ("text", "due_on", "seen")}
        about = {"action": data["measure"], "owner": data["who"], "now": timezone.now()}
        assign_finding(finding=found, by=viewer, **about, **columns)
        return "已保存。" + ("责任人收到了通知。" if found.owner_id not in (None, viewer.pk) else "")

    return stepped(request, found, "assign", form, step)


@sent_from("finding", "finding_id")
@never_cache
@login_required
def finding_reply(request: HttpRequest, finding_id: int) -> HttpResponse:
    viewer, found = finding_of(request, finding_id)

    def step(data: dict[str, Any]) -> str:
        reply_to_finding(finding=found, by=viewer, now=timezone.now(), **data)
        return "答复已保存。"

    return stepped(request, found, "reply", FindingReplyForm(request.POST), step)


@sent_from("finding", "finding_id")
@never_cache
@login_required
def finding_progress(request: HttpRequest, finding_id: int) -> HttpResponse:
    """By the owner, too."""
    viewer = signed_in(request)
    found = get_object_or_404(Finding.objects.shown_to(viewer).select_related("owner"), pk=finding_id)
    if found.owner_id != viewer.pk and not handles(viewer, found):
        raise Http404

    def step(data: dict[str, Any]) -> str:
        report_progress(finding=found, by=viewer, now=timezone.now(), **data)
        return "进展已记下。"

    return stepped(request, found, "progress", ProgressForm(request.POST), step)


@sent_from("finding", "finding_id")
@never_cache
@login_required
def finding_decide(request: HttpRequest, finding_id: int) -> HttpResponse:
    viewer, found = finding_of(request, finding_id)

    def step(data: dict[str, Any]) -> str:
        action = data["action"]
        DECISIONS[action](finding=found, by=viewer, seen=data["seen"], now=timezone.now(), reason=data["reason"])
        return DONE[action]

    return stepped(request, found, "decide", FindingDecideForm(request.POST), step)


def finding_of(request: HttpRequest, finding_id: int) -> tuple[Cadre, Finding]:
    """For office and leaders of its scope; a stranger gets 404."""
    viewer = signed_in(request)
    return viewer, get_object_or_404(Finding.objects.followed_by(viewer).select_related("owner"), pk=finding_id)


def stepped(
    request: HttpRequest, found: Finding, name: str, form: Any, step: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """The loser of two who act at once is told and keeps what was typed; so do the other parts of the page."""
    if not form.is_valid():
        return finding_page(request, found.pk, typed=request.POST, **{name: form})
    try:
        told = step(form.cleaned_data)
    except REFUSED as error:
        form.add_error(None, str(error))
        found.refresh_from_db(fields=["version"])
        again = {name: form, "problem": str(error), "seen": found.version}
        return finding_page(request, found.pk, 409, typed=request.POST, **again)
    messages.success(request, told)
    typed = typed_beside(request, form, found)
    if typed is None:
        return redirect("finding", found.pk)
    messages.info(request, "同一页上别处填写的文字还没有保存，仍在下面。")
    return finding_page(request, found.pk, typed=typed)
