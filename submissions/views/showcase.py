from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organization.desk import signed_in
from organization.models import Cadre, Tree
from submissions.models import Attachment, Contributor, Submission, Version
from submissions.services.showcase import Filter, newest_first, rows_of, years_shown

PER_PAGE = 20


@require_safe
@never_cache
@login_required
def showcase(request: HttpRequest) -> HttpResponse:
    """Approved works whose authors agreed, for everybody signed in."""
    tree, years = Tree.load(), years_shown(timezone.localdate())
    chosen = Filter.read(request.GET, years, tree)
    found = newest_first(chosen.among(Submission.objects.showcased(), tree))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "chosen": chosen,
        "years": [(year, f"{year} 年") for year in years],
        "departments": [(node.id, tree.paths[node.id]) for node in tree.ordered if node.parent is not None],
        "page": page,
        "rows": rows_of(list(page.object_list), tree),
        "kept": f"{chosen.address}&" if chosen.address else "",
    }
    return render(request, "showcase.html", context)


def source_of(version: Version | None, reader: Cadre) -> Submission | None:
    """The work from which an idea came, where the reader may see it."""
    if version is None or version.source_work_id is None:
        return None
    works = Submission.objects.filter(pk=version.source_work_id)
    return works.visible_to(reader).first() or works.showcased().first()


def shown_work(request: HttpRequest, work_id: int) -> HttpResponse:
    """What a colleague sees of a shown work: text, media and people, without decisions and earlier versions."""
    places = ("owner_department", "owner_party_group", "call")
    work = get_object_or_404(Submission.objects.showcased().select_related(*places), pk=work_id)
    version = work.versions.handed_in().order_by("number").prefetch_related("attachments").last()
    attachments = version.attachments.all() if version is not None else ()
    context = {
        "work": work,
        "version": version,
        "source": source_of(version, signed_in(request)),
        "files": [file for file in attachments if file.role != Attachment.Role.DOCUMENT],
        "people": work.contributors.filter(state=Contributor.State.CONFIRMED).select_related("cadre"),
    }
    return render(request, "works/shown.html", context)
