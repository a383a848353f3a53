"""What happens to a work beside writing and judging: withdrawn, confirmed, compared, an idea carried on."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organization.desk import signed_in
from organization.models import Cadre
from organization.restoring import restored
from organization.services.roles import NotAllowed
from organization.ways import sent_from
from reading.services.suggesting import AlreadyHere
from submissions.forms.life import AnswerForm, MembersForm, StepForm, WithdrawForm
from submissions.forms.review import seen_revision
from submissions.kinds import COLLECTIVE, Kind
from submissions.models import Contributor, Submission, Version
from submissions.services.consent import CONSENTS, consent
from submissions.services.contributors import (
    answer,
    change_members,
    confirm_for,
    deadline_of,
    led_by,
    may_change_members,
    was_asked,
)
from submissions.services.differences import compare_versions
from submissions.services.ideas import advance, check_may_advance
from submissions.services.people import circle_of
from submissions.services.recommended import suggest_book
from submissions.services.review import StaleSubmission, withdraw
from submissions.states import TRANSITIONS, Action, IllegalTransition, State
from submissions.views.work import work_page

REFUSED = (NotAllowed, IllegalTransition, StaleSubmission, ValueError)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def work_withdraw(request: HttpRequest, work_id: int) -> HttpResponse:
    """Asks, then takes the work back; what was decided stays on record."""
    viewer = signed_in(request)
    work = get_object_or_404(Submission.objects.edited_by(viewer), pk=work_id)
    if (State(work.state), Action.WITHDRAW) not in TRANSITIONS:
        return too_late(request, work, "撤回")
    form = WithdrawForm(request.POST or None, initial=restored(request))
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("revision")
        if seen is not None and seen_revision(seen) != work.revision:
            form.add_error(None, f"这件作品刚被处理过，现在是“{State(work.state).label}”。仍要撤回请再按一次“撤回”。")
            return render(request, "works/withdraw.html", {"work": work, "form": form})
        try:
            withdraw(submission=work, author=viewer, now=timezone.now(), reason=form.cleaned_data["reason"])
        except REFUSED as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{work.quoted}已撤回。")
        return redirect("work", work.pk)
    return render(request, "works/withdraw.html", {"work": work, "form": form})


@sent_from("work", "work_id")
@never_cache
@login_required
def work_suggest(request: HttpRequest, work_id: int) -> HttpResponse:
    """荐购: has the office asked to buy the book of an own recommendation."""
    viewer = signed_in(request)
    work = get_object_or_404(Submission.objects.edited_by(viewer), pk=work_id, kind=Kind.RECOMMENDATION)
    try:
        suggested = suggest_book(submission=work, by=viewer, now=timezone.now())
    except (*REFUSED, AlreadyHere) as error:
        messages.info(request, str(error))
    else:
        told = "已荐购，图书管理员决定以后会通知您。" if suggested.is_new else "这本书已经有人荐购，算上了您的一份。"
        messages.success(request, told)
    return redirect("work", work.pk)


def too_late(request: HttpRequest, work: Submission, wanted: str) -> HttpResponse:
    """There is no such page any more; who sent its form, perhaps twice, is told what became of the work."""
    if request.method != "POST":
        raise Http404
    messages.info(request, f"作品现在是“{State(work.state).label}”，不能{wanted}。")
    return redirect("work", work.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def work_confirm(request: HttpRequest, work_id: int) -> HttpResponse:
    """A member's own word, and after the deadline the liaison's for colleagues; nobody else finds this page."""
    viewer = signed_in(request)
    work = Submission.objects.visible_to(viewer).handed_in().filter(pk=work_id).first()
    if work is None:
        return named_no_longer(request, viewer, work_id)
    people = list(work.contributors.filter(position__gt=0).select_related("cadre", "confirmed_by"))
    own = next((each for each in people if each.cadre_id == viewer.pk), None)
    waiting = [each for each in people if each.state == Contributor.State.NAMED]
    led = led_by(viewer, [each.cadre_id for each in waiting], work)
    if own is None and not led:
        return named_no_longer(request, viewer, work_id)
    if request.method == "POST":
        return answered(request, work, viewer, people)
    today = timezone.localdate()
    rows = [(each, deadline_of(each)) for each in waiting if each.cadre_id in led]
    kept = restored(request)
    context = {
        "work": work,
        "own": own,
        "may_answer": (State(work.state), Action.CONFIRM) in TRANSITIONS,
        "is_final": work.state == State.APPROVED,
        "last": deadline_of(own) if own else None,
        "due": [(each, last, reason_for(each, kept)) for each, last in rows if last and last < today],
        "later": [(each, last) for each, last in rows if not last or last >= today],
    }
    return render(request, "works/confirm.html", context)


def reason_for(member: Contributor, kept: QueryDict | None) -> str:
    """Why the liaison confirms for this colleague, as typed when the session ended."""
    return kept.get("reason", "") if kept is not None and kept.get("member") == str(member.cadre_id) else ""


def named_no_longer(request: HttpRequest, viewer: Cadre, work_id: int) -> HttpResponse:
    """Who was asked and is no member any more reads so, whatever was just answered; anybody else finds nothing."""
    if not was_asked(viewer, work_id):
        raise Http404
    return render(request, "works/named_no_longer.html")


def answered(request: HttpRequest, work: Submission, viewer: Cadre, people: list[Contributor]) -> HttpResponse:
    form, now = AnswerForm(request.POST), timezone.now()
    if not form.is_valid():
        messages.error(request, "没有看懂提交的内容，请重新选择。")
        return redirect("work_confirm", work.pk)
    named = form.cleaned_data["member"]
    member = next((each.cadre for each in people if each.cadre_id == named), None)
    try:
        if named is not None and member is None:
            raise ValueError("这位同事已经不在成员里，请核对后再办。")
        if member is not None:
            confirm_for(submission=work, member=member, by=viewer, reason=form.cleaned_data["reason"], now=now)
            messages.success(request, f"已代{member.name}确认。")
        elif form.cleaned_data["answer"]:
            agrees = form.cleaned_data["answer"] == "confirm"
            wanted = Contributor.State.CONFIRMED if agrees else Contributor.State.DECLINED
            # The same answer sent twice is one answer.
            if not any(each.cadre_id == viewer.pk and each.state == wanted for each in people):
                answer(submission=work, by=viewer, agrees=agrees, now=now)
            messages.success(request, "已确认署名。" if agrees else "已谢绝署名，其他人照常计分。")
        else:
            raise ValueError("没有看懂提交的内容，请重新选择。")
    except REFUSED as error:
        messages.error(request, str(error))
        return redirect("work_confirm", work.pk)
    return redirect("work", work.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def work_members(request: HttpRequest, work_id: int) -> HttpResponse:
    """Other members of a work that waits for the office or was returned."""
    viewer = signed_in(request)
    work = get_object_or_404(Submission.objects.visible_to(viewer).filter(kind__in=COLLECTIVE), pk=work_id)
    if not may_change_members(work, viewer):
        raise Http404
    if (State(work.state), Action.MEMBERS) not in TRANSITIONS:
        return too_late(request, work, "调整成员")
    today = timezone.localdate()
    data, revision = request.POST if request.method == "POST" else None, work.revision
    form = MembersForm(data, work=work, viewer=viewer, circle=circle_of(viewer, today), day=today)
    if (kept := restored(request)) is not None:
        form.initial["members"], revision = kept.getlist("members"), seen_revision(kept.get("revision", ""))
    if request.method == "POST" and form.is_valid():
        seen = seen_revision(request.POST.get("revision", ""))
        try:
            people = form.cleaned_data["members"]
            changed = change_members(submission=work, seen=seen, members=people, by=viewer, now=timezone.now())
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, members_outcome(changed, viewer))
            return redirect("work", work.pk)
    return render(request, "works/members.html", {"work": work, "form": form, "revision": revision})


def members_outcome(changed: tuple[Sequence[Contributor], Sequence[Contributor]] | None, by: Cadre) -> str:
    """What was done, and who was told of it."""
    if changed is None:
        return "成员没有变动。"
    came, gone = changed
    asked = [row.cadre.name for row in came if row.cadre_id != by.pk]
    told = [row.cadre.name for row in gone if row.asked_at is not None and row.cadre_id != by.pk]
    parts = [f"已通知{'、'.join(asked)}确认署名"] if asked else []
    parts += [f"已告知{'、'.join(told)}不再署名"] if told else []
    return "，".join(["成员已调整", *parts]) + "。"


@sent_from("work", "work_id")
@never_cache
@login_required
def work_step(request: HttpRequest, work_id: int) -> HttpResponse:
    """The office carries an idea one step on; where it has moved meanwhile, its page says so and keeps the words."""
    viewer = signed_in(request)
    work = get_object_or_404(Submission.objects.visible_to(viewer).filter(kind=Kind.IDEA), pk=work_id)
    form, seen = StepForm(request.POST), seen_revision(request.POST.get("revision", ""))
    try:
        check_may_advance(work, viewer)
        if not form.is_valid():
            return work_page(request, work.pk, step=form)
        action, words = form.cleaned_data["action"], form.cleaned_data["words"]
        advance(submission=work, seen=seen, action=action, by=viewer, words=words, now=timezone.now())
    except NotAllowed as error:
        messages.error(request, str(error))
    except (IllegalTransition, StaleSubmission) as error:
        form.add_error(None, f"{error}下面是现在的情况，您填写的内容还在。")
        return work_page(request, work.pk, step=form, status=409)
    except ValueError as error:
        form.add_error("words", str(error))
        return work_page(request, work.pk, step=form)
    else:
        messages.success(request, f"已记下：{action.label}。")
    return redirect("work", work.pk)


@sent_from("work", "work_id")
@never_cache
@login_required
def work_consent(request: HttpRequest, work_id: int) -> HttpResponse:
    """Whether the work may be shown: said by its author, and taken back at any time."""
    viewer = signed_in(request)
    work = get_object_or_404(Submission.objects.edited_by(viewer), pk=work_id)
    shown = {name: name in request.POST for name in CONSENTS}
    ticked = request.POST.get("seen")
    seen = None if ticked is None else {name: name in ticked.split() for name in CONSENTS}
    try:
        consent(submission=work, by=viewer, seen=seen, **shown)
    except REFUSED as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "展示授权已更改。")
    return redirect("work", work.pk)


@require_safe
@never_cache
@login_required
def work_compare(request: HttpRequest, work_id: int) -> HttpResponse:
    """Two versions, what went and what came marked; by itself the last two."""
    viewer = signed_in(request)
    readable = Version.objects.readable_by(viewer).filter(submission__in=Submission.objects.filter(pk=work_id))
    versions = list(readable.select_related("submission").prefetch_related("attachments").order_by("number"))
    if len(versions) < 2:
        raise Http404
    new = one_of(versions, request.GET.get("new")) or versions[-1]
    earlier = [each for each in versions if each.number < new.number]
    old = one_of(versions, request.GET.get("old")) or (earlier[-1] if earlier else versions[0])
    context: dict[str, Any] = {"work": new.submission, "versions": versions, "old": old, "new": new}
    return render(request, "works/compare.html", {**context, "differences": compare_versions(old, new)})


def one_of(versions: list[Version], number: str | None) -> Version | None:
    if number is None:
        return None
    for version in versions:
        if str(version.number) == number:
            return version
    raise Http404
