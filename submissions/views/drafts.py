"""The pages on which staff write and hand in their works; every one works without scripts."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organization.desk import signed_in
from organization.models import Cadre
from organization.restoring import read_token
from organization.services.kept import take
from submissions.forms.review import seen_revision
from submissions.kinds import Kind
from submissions.models import Submission
from submissions.services.drafting import discard
from submissions.services.review import StaleSubmission
from submissions.states import EDITABLE, State
from submissions.views.filled import REFUSED, Filled
from submissions.views.form_page import form_of, page

RESTORED = "您填写的文字已经恢复，请核对后保存；文件要重新选择。"
BEGUN_AGAIN = "原来的草稿已在别处删除，这里填写的文字另存为一份新草稿；文件要重新选择。"


@require_safe
@never_cache
@login_required
def work_choice(request: HttpRequest) -> HttpResponse:
    """What may be handed in, and what was begun and not handed in yet."""
    viewer = signed_in(request)
    mine = Submission.objects.edited_by(viewer).order_by("-changed_at", "-pk")
    begun = mine.filter(state__in=EDITABLE).prefetch_related("contributors__cadre")
    entered = mine.exclude(state=State.DRAFT).filter(entered_by=viewer, contributors__position=0)
    for_others = entered.exclude(contributors__cadre=viewer).prefetch_related("contributors__cadre")
    context = {"kinds": list(Kind), "begun": begun[:30], "for_others": for_others[:30]}
    return render(request, "works/choice.html", {**context, "serves": viewer.in_service(timezone.localdate())})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def work_new(request: HttpRequest, kind: str) -> HttpResponse:
    """A form for a work that does not exist yet: the first that comes with its token makes the draft."""
    viewer = signed_in(request)
    if kind not in Kind.values:
        raise Http404
    token = read_token(request.POST.get("token", "")) or uuid4()
    work = Submission.objects.filter(entered_by=viewer, token=token).first()
    if work is not None and work.kind != kind:
        raise Http404
    return answer(request, viewer, Kind(kind), work, token)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def work_edit(request: HttpRequest, work_id: int) -> HttpResponse:
    """The same form for a draft, or for a work that came back."""
    viewer = signed_in(request)
    work = Submission.objects.edited_by(viewer).filter(pk=work_id).first()
    if work is None:
        return begun_again(request, viewer, work_id)
    if request.method != "POST" and work.state not in EDITABLE:
        messages.info(request, f"作品现在是“{State(work.state).label}”，不能修改。")
        return redirect("work", work.pk)
    return answer(request, viewer, Kind(work.kind), work, work.token or uuid4())


def begun_again(request: HttpRequest, viewer: Cadre, work_id: int) -> HttpResponse:
    """What was typed while the draft was removed elsewhere begins a new one; any other page of no work is not found."""
    kind, token = request.POST.get("kind", ""), read_token(request.POST.get("token", ""))
    if kind not in Kind.values or token is None or Submission.objects.filter(pk=work_id).exists():
        raise Http404
    if not Submission.objects.filter(entered_by=viewer, token=token).exists():
        messages.info(request, BEGUN_AGAIN)
    return work_new(request, kind)


def answer(request: HttpRequest, viewer: Cadre, kind: Kind, work: Submission | None, token: UUID) -> HttpResponse:
    now = timezone.now()
    if request.method == "POST":
        return Filled(request, viewer, kind, work, token, now).answer()
    kept = take(request.session, request.path, viewer)
    if kept is None:
        asked = request.GET.get("call", "")
        form = form_of(viewer, kind, work, now, call=asked)
        if asked and work is None and asked not in form.calls:
            messages.info(request, "这份征集令现在不收这类作品，可以不应征，照常上报。")
        return page(request, form, work, token)
    messages.info(request, RESTORED)
    form = form_of(viewer, kind, work, now, kept)
    form.is_valid()
    token = read_token(kept.get("token", "")) or token
    seen = seen_revision(kept.get("revision", "0"))
    return page(request, form, work, token, revision=seen, more={"restored": True})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def work_discard(request: HttpRequest, work_id: int) -> HttpResponse:
    """Asks, then removes a draft that was never handed in."""
    viewer = signed_in(request)
    work = get_object_or_404(Submission.objects.edited_by(viewer), pk=work_id)
    if work.state != State.DRAFT and request.method != "POST":
        raise Http404
    if request.method != "POST":
        return render(request, "works/discard.html", {"work": work})
    try:
        discard(submission=work, by=viewer, now=timezone.now())
    except (*REFUSED, StaleSubmission) as error:
        messages.error(request, str(error))
        return redirect("work", work.pk)
    messages.success(request, f"草稿“{work.title}”已删除。")
    return redirect("work_choice")
