import logging
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organization.desk import signed_in
from organization.models import Cadre
from organization.services.filing import CONTENT_TYPES, name_to_send
from organization.services.kept import WRITER, sign_writer, take
from organization.ways import sent_from
from reading.forms.digital import DigitalForm, stored_values
from reading.kinds import DigitalKind, LinkState
from reading.models import DigitalResource, SubjectArea
from reading.models.digital import DigitalResourceQuerySet
from reading.services.authority import is_librarian
from reading.services.digital import LinkOrFile, StaleResource, add_resource, change_resource, shown_to
from reading.services.link_check import check_one
from reading.views.answers import librarian_of
from shuxiang.form_rows import read_stamp
from shuxiang.media.receiving import told_to_script
from shuxiang.media.sending import send
from shuxiang.searches import searched
from shuxiang.uploads import Refused

logger = logging.getLogger(__name__)
PER_PAGE = 20
RESTORED = "您填写的文字已经恢复，请核对后保存；文件要重新选择。"
# What only librarians may choose among.
CARES = (("ending", "授权快到期"), ("ended", "授权已到期"), ("closed", "已停用"), ("dead", "链接打不开"))


@dataclass(frozen=True)
class Filter:
    """What the page shows, as its address says; anything unknown there is left out."""

    kind: str = ""
    area: str = ""
    care: str = ""
    text: str = ""

    @property
    def address(self) -> str:
        parts = {"kind": self.kind, "area": self.area, "care": self.care, "q": self.text}
        return urlencode({name: part for name, part in parts.items() if part})

    def kinds(self) -> list[tuple[str, str, bool]]:
        """Each kind with its address and whether it is chosen."""
        choices = [("", "全部"), *DigitalKind.choices]
        return [(label, Filter(kind, self.area, self.care, self.text).address, kind == self.kind)
                for kind, label in choices]  # fmt: skip

    def among(self, found: DigitalResourceQuerySet, today: date) -> DigitalResourceQuerySet:
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.area:
            found = found.filter(area=int(self.area))
        if self.care:
            found = found.in_need_of(self.care, today)
        return found.search(self.text) if self.text else found


def read_filter(address: QueryDict, areas: list[tuple[str, str]], librarian: bool) -> Filter:
    kind, area, care = (address.get(name, "") for name in ("kind", "area", "care"))
    return Filter(
        kind if kind in DigitalKind.values else "",
        area if area in dict(areas) else "",
        care if librarian and care in dict(CARES) else "",
        searched(address),
    )


@require_safe
@never_cache
@login_required
def digital(request: HttpRequest) -> HttpResponse:
    """E-books, audiobooks and platforms; librarians see also those that are closed or whose licence has ended."""
    viewer, today = signed_in(request), timezone.localdate()
    librarian = is_librarian(viewer)
    areas = [(str(area.pk), area.name) for area in SubjectArea.objects.all()]
    chosen = read_filter(request.GET, areas, librarian)
    found = chosen.among(shown_to(viewer, today), today).select_related("area")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "chosen": chosen,
        "areas": areas,
        "cares": CARES,
        "librarian": librarian,
        "page": page,
        "rows": [row(resource, today) for resource in page.object_list],
        "kept": f"{chosen.address}&" if chosen.address else "",
    }
    return render(request, "digital.html", context)


def row(resource: DigitalResource, today: date) -> dict[str, Any]:
    return {
        "resource": resource,
        "has_ended": resource.has_ended(today),
        "ends_soon": resource.ends_soon(today),
        "is_dead": resource.link_state == LinkState.DEAD,
    }


def found_or_404(request: HttpRequest, resource_id: int) -> DigitalResource:
    among = shown_to(signed_in(request), timezone.localdate())
    return get_object_or_404(among.select_related("area"), pk=resource_id)


@require_safe
@never_cache
@login_required
def digital_resource(request: HttpRequest, resource_id: int) -> HttpResponse:
    resource = found_or_404(request, resource_id)
    context = {**row(resource, timezone.localdate()), "librarian": is_librarian(signed_in(request))}
    return render(request, "digital/resource.html", context)


@require_safe
@never_cache
@login_required
def digital_open(request: HttpRequest, resource_id: int) -> HttpResponseBase:
    """Leads to the noted link, which thereby stands in no page, or sends the file; nobody counts it."""
    resource = found_or_404(request, resource_id)
    if resource.link:
        return HttpResponseRedirect(resource.link)
    name = name_to_send(resource.original_name, resource.title, resource.format)
    content_type = CONTENT_TYPES.get(resource.format, "application/octet-stream")
    try:
        return send(request, resource.file, name=name, content_type=content_type, as_attachment=True)
    except FileNotFoundError as error:
        logger.error("文件 %s 不在存储中，请从备份恢复。", resource.file.name)
        raise Http404 from error


@sent_from("digital_resource", "resource_id")
@never_cache
@login_required
def digital_check(request: HttpRequest, resource_id: int) -> HttpResponse:
    """Asks the link now; some seconds at most."""
    viewer = librarian_of(request)
    resource = get_object_or_404(DigitalResource.objects.linked(), pk=resource_id)
    answer = check_one(resource=resource, by=viewer, now=timezone.now())
    if answer.is_alive:
        messages.success(request, f"链接可以打开。{answer.message}".rstrip("。") + "。")
    else:
        messages.error(request, f"链接打不开：{answer.message}。如果门户的服务器不能上网，请在自己的电脑上打开试试。")
    return redirect("digital_resource", resource.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@told_to_script
def digital_new(request: HttpRequest) -> HttpResponse:
    return answered(request, librarian_of(request), None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@told_to_script
def digital_edit(request: HttpRequest, resource_id: int) -> HttpResponse:
    viewer = librarian_of(request)
    return answered(request, viewer, get_object_or_404(DigitalResource, pk=resource_id))


def answered(request: HttpRequest, viewer: Cadre, resource: DigitalResource | None) -> HttpResponse:
    if request.method == "POST":
        form = form_of(resource, request.POST, request)
        seen = read_stamp(request.POST.get("seen", ""))
        if form.is_valid():
            try:
                saved = store(form, resource, seen, viewer, timezone.now())
            except StaleResource as error:
                assert resource is not None
                form.add_error(None, str(error))
                fresh = DigitalResource.objects.filter(pk=resource.pk).first()
                return page_of(request, viewer, form, fresh, 409)
            except (Refused, LinkOrFile) as error:
                form.add_error("file", str(error))
            else:
                messages.success(request, "数字资源已保存。")
                return redirect("digital_resource", saved.pk)
        return page_of(request, viewer, form, resource, seen=seen)
    kept = take(request.session, request.path, viewer)
    if kept is None:
        return page_of(request, viewer, form_of(resource, None, request), resource)
    messages.info(request, RESTORED)
    return page_of(request, viewer, form_of(resource, kept, request), resource, seen=read_stamp(kept.get("seen", "")))


def form_of(resource: DigitalResource | None, data: QueryDict | None, request: HttpRequest) -> DigitalForm:
    initial = stored_values(resource) if resource is not None else {}
    areas = list(SubjectArea.objects.all())
    return DigitalForm(data, request.FILES if data is not None else None, initial=initial, areas=areas, there=resource)


def store(
    form: DigitalForm, resource: DigitalResource | None, seen: datetime | None, by: Cadre, now: datetime
) -> DigitalResource:
    details, upload = form.details(), form.cleaned_data["file"] or None
    if resource is None:
        return add_resource(details=details, upload=upload, by=by, now=now)
    if seen is None:
        raise StaleResource
    return change_resource(resource=resource, seen=seen, details=details, upload=upload, by=by, now=now)


def page_of(
    request: HttpRequest,
    viewer: Cadre,
    form: DigitalForm,
    resource: DigitalResource | None,
    status: int = 200,
    seen: datetime | None = None,
) -> HttpResponse:
    """`seen` is what a refused form was made from; without it, what is stored now."""
    stamp = seen or (resource.changed_at if resource is not None else None)
    context = {
        "form": form,
        "resource": resource,
        "seen": stamp.isoformat() if stamp else "",
        "is_stale": status == 409,
        "writer_name": WRITER,
        "writer": sign_writer(viewer),
    }
    return render(request, "digital/form.html", context, status=status)
