"""The pages on which staff write and hand in their works; every one works without scripts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organization.models import Cadre
from organization.services.kept import take
from organization.services.roles import NotAllowed
from shuxiang.uploads import accept, hint
from submissions.forms.review import seen_revision
from submissions.forms.works import FORMS, WorkForm, read_token, stored_values
from submissions.kinds import Kind
from submissions.models import Attachment, Submission, Version
from submissions.services.contents import FILES, NEEDED, TEXTS, Content, Incomplete, missing_from
from submissions.services.differences import compare
from submissions.services.drafting import begin, discard, holds, is_blank, newest, save
from submissions.services.handing_in import hand_in
from submissions.services.people import circle_of
from submissions.services.processing import most_bytes
from submissions.services.review import StaleSubmission
from submissions.states import EDITABLE, IllegalTransition, State
from submissions.views.files import remove_file, take_files

JSON = "application/json"
# So long a form that the browser went back to is taken for the same.
AGAIN = timedelta(hours=1)
REFUSED = (NotAllowed, IllegalTransition)
RESTORED = "登录失效时您填写的文字已经恢复，请核对后保存；文件要重新选择。"
BEGUN_AGAIN = "原来的草稿已在别处删除，这里填写的文字另存为一份新草稿；文件要重新选择。"


@require_safe
@never_cache
@login_required
def work_choice(request: HttpRequest) -> HttpResponse:
    """What may be handed in, and what was begun and not handed in yet."""
    viewer = request.user
    assert viewer.is_authenticated
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
    viewer = request.user
    assert viewer.is_authenticated
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
    viewer = request.user
    assert viewer.is_authenticated
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
        return page(request, form_of(viewer, kind, work, now), work, token)
    messages.info(request, RESTORED)
    form = form_of(viewer, kind, work, now, kept)
    form.is_valid()
    token = read_token(kept.get("token", "")) or token
    seen = seen_revision(kept.get("revision", "0"))
    return page(request, form, work, token, revision=seen, more={"restored": True})


def form_of(
    viewer: Cadre, kind: Kind, work: Submission | None, now: datetime, data: QueryDict | None = None
) -> WorkForm:
    today = timezone.localdate(now)
    circle = circle_of(viewer, today)
    around: dict[str, Any] = {"viewer": viewer, "today": today, "work": work, "colleagues": circle.led}
    if kind == Kind.RECITATION:
        own = [each for each in (work.owner_department_id,) if each] if work else []
        groups = [each for each in (work.owner_party_group_id,) if each] if work else []
        around |= {
            "near": circle.near,
            "departments": [*circle.departments, *own],
            "groups": [*circle.groups, *groups],
        }
    initial = stored_values(work, newest(work), kind) if work is not None else {}
    return FORMS[kind](data, initial=initial, **around)


class Filled:
    """A form that was sent: stored as far as it is right, then answered as a page or for a script."""

    def __init__(
        self, request: HttpRequest, viewer: Cadre, kind: Kind, work: Submission | None, token: UUID, now: datetime
    ) -> None:
        self.request, self.viewer, self.kind, self.work, self.token, self.now = request, viewer, kind, work, token, now
        self.form = form_of(viewer, kind, work, now, request.POST)
        self.form.is_valid()
        self.content = self.form.content()
        self.action = request.POST.get("action", "draft")
        self.for_script = JSON in request.headers.get("Accept", "") and self.action == "draft"

    def answer(self) -> HttpResponse:
        again = self.handed_in_before()
        if again is not None:
            messages.info(self.request, f"同样的内容刚才已经上报，编号 {again.reference}，没有重复上报。")
            return redirect("work", again.pk)
        try:
            self.store()
            if self.work is not None and self.action == "submit" and not self.form.errors:
                self.form.check_for_submit()
                lacking = missing_from(self.work, newest(self.work))
                self.form.add_errors({name: said for name, (_, said) in lacking.items()})
                if not self.form.errors:
                    decision = hand_in(submission=self.work, seen=self.work.revision, by=self.viewer, now=self.now)
                    return self.handed_in(decision.submission)
        except StaleSubmission:
            return self.stale()
        except Incomplete as error:
            self.form.add_errors(error.errors)
        except REFUSED as error:
            if self.work is not None and self.is_settled():
                return self.handed_in(self.work)
            self.form.add_error(None, str(error))
            return self.with_errors(409)
        return self.saved()

    def store(self) -> None:
        if self.work is None:
            made = begin(kind=self.kind, content=self.content, by=self.viewer, token=self.token, now=self.now)
            self.work, is_new = made
            seen = self.work.revision if is_new else 0
        else:
            seen = seen_revision(self.request.POST.get("revision", ""))
        if seen == 0 and is_blank(self.work):
            seen = self.work.revision
        self.work = save(submission=self.work, seen=seen, content=self.content, by=self.viewer, now=self.now)
        if self.action.startswith("remove:"):
            remove_file(self.work, self.action.removeprefix("remove:"), self.viewer, self.now)
        self.form.add_errors(take_files(self.request, self.form, self.work, self.viewer, self.now))

    def handed_in_before(self) -> Submission | None:
        """The same texts, from the form to which the browser went back: it came empty, with a token of its own."""
        if self.work is not None or self.action != "submit" or self.request.FILES:
            return None
        own = Submission.objects.filter(
            entered_by=self.viewer, kind=self.kind, title=self.content.title(self.kind) or ""
        )
        main = self.content.main_author or self.viewer
        recent = own.filter(state=State.PENDING, created_at__gt=self.now - AGAIN)
        by_main = recent.filter(contributors__cadre=main, contributors__position=0)
        return next((work for work in by_main if self.is_held_by(work)), None)

    def is_settled(self) -> bool:
        """Whether the same form, sent once more, finds the work handed in already."""
        assert self.work is not None
        self.work = Submission.objects.get(pk=self.work.pk)
        return self.action == "submit" and self.work.state == State.PENDING and self.is_held_by(self.work)

    def is_held_by(self, work: Submission) -> bool:
        """The form is read anew: quarter and author were open before the work was handed in, and are set after it."""
        same = form_of(self.viewer, self.kind, work, self.now, self.request.POST)
        return same.is_valid() and holds(work, same.content())

    def handed_in(self, work: Submission) -> HttpResponse:
        messages.success(self.request, f"已上报，编号 {work.reference}。办公室审阅后会通知您。")
        return redirect("work", work.pk)

    def stale(self) -> HttpResponse:
        if self.is_settled():
            assert self.work is not None
            return self.handed_in(self.work)
        return self.with_errors(409, conflict=True)

    def with_errors(self, status: int, conflict: bool = False) -> HttpResponse:
        if self.for_script:
            told = "这份草稿在别处改动过，这里的内容没有保存。请按“存为草稿”，对照两份内容后再决定。"
            errors = self.form.non_field_errors()
            return JsonResponse(
                {"told": told if conflict else "".join(map(str, errors)), "conflict": conflict}, status=status
            )
        found = differences(self.work, self.content) if conflict and self.work else []
        stale = {"told_stale": conflict, "conflict": found, "refused": not conflict}
        return page(self.request, self.form, self.work, self.token, status=status, more=stale)

    def saved(self) -> HttpResponse:
        assert self.work is not None
        if self.for_script:
            return JsonResponse(state_of(self.work) | {"errors": self.form.errors, "saved_at": clock(self.now)})
        if self.form.errors:
            return page(self.request, self.form, self.work, self.token)
        messages.success(self.request, "草稿已保存。")
        return redirect("work_edit", self.work.pk)


def clock(now: datetime) -> str:
    return timezone.localtime(now).strftime("%H:%M")


def state_of(work: Submission) -> dict[str, Any]:
    """What a script must know of a draft after it was stored."""
    return {
        "work": work.pk,
        "revision": work.revision,
        "address": reverse("work_edit", args=[work.pk]),
        "missing": [word for word, _ in missing_from(work, newest(work)).values()],
    }


def differences(work: Submission, content: Content) -> list[Any]:
    """What is stored now, and what it becomes where the text that was typed is saved after all."""
    stored = newest(work)
    texts = {name: getattr(stored, name) for name in TEXTS} | {
        name: value for name, value in content.version.items() if name in TEXTS
    }
    return compare(stored, Version(**texts))


def page(
    request: HttpRequest,
    form: WorkForm,
    work: Submission | None,
    token: UUID,
    status: int = 200,
    revision: int | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    stored: dict[str, Any] = {}
    if work is not None:
        work = Submission.objects.get(pk=work.pk)
        version = newest(work)
        returned = work.decisions.filter(action="return").select_related("actor").last()
        stored = {
            "version": version,
            "missing": [word for word, _ in missing_from(work, version).values()],
            "returned": returned if work.state == State.RETURNED else None,
            "files": file_fields(form, work, {each.role: each for each in version.attachments.light()}),
            "others": list(work.contributors.select_related("cadre")),
        }
    context = {
        "form": form,
        "kind": form.kind,
        "work": work,
        "token": token,
        "revision": revision if revision is not None else work.revision if work is not None else 0,
        "steps": [(legend, [form[name] for name in names if shows(form, name)]) for legend, names in form.steps],
        "limit": settings.TEXT_MAX_CHARACTERS,
        "files": file_fields(form, None, {}),
        "needed": [word for _, _, word, _ in NEEDED[form.kind]],
        "confirm_days": settings.CONFIRM_DAYS,
        **stored,
        **(more or {}),
    }
    return render(request, "works/form.html", context, status=status)


@dataclass(frozen=True)
class FileField:
    """A file of the form: its limits as people and scripts read them, and what is there already."""

    field: BoundField
    role: Attachment.Role
    accept: str
    limits: str
    max_bytes: int
    max_seconds: int | None
    upload: str
    there: Attachment | None


def file_fields(form: WorkForm, work: Submission | None, there: Mapping[str, Attachment]) -> dict[str, FileField]:
    found = {}
    for name, role in FILES[form.kind].items():
        address = reverse("work_file", args=[work.pk, role]) if work else reverse("new_work_file", args=[role])
        found[name] = FileField(
            field=form[name],
            role=role,
            accept=accept(role),
            limits=hint(role),
            max_bytes=most_bytes(role),
            max_seconds=settings.AUDIO_MAX_MINUTES * 60 if role == Attachment.Role.AUDIO else None,
            upload=address,
            there=there.get(role),
        )
    return found


def shows(form: WorkForm, name: str) -> bool:
    return name in form.fields and (name != "for_quarter" or form.offers_quarter)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def work_discard(request: HttpRequest, work_id: int) -> HttpResponse:
    """Asks, then removes a draft that was never handed in."""
    viewer = request.user
    assert viewer.is_authenticated
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
