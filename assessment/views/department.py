from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessment.services.department import Member, gap_named, members_of, sums_of
from assessment.services.shelf import Gap
from notices.services.reminding import remind, reminded_on
from organization.desk import is_id, signed_in, standpoint_of
from organization.models import Cadre
from organization.models.tree import Node
from organization.roles import Role
from organization.ways import sent_from
from shuxiang.periods import spoken


def own_department(request: HttpRequest) -> Sequence[Node]:
    """The liaison's department and those below it, whatever other roles widen the person's sight; else 404."""
    standpoint = standpoint_of(request)
    place = standpoint.posting if signed_in(request).has_role(Role.LIAISON) else None
    if place is None:
        raise Http404
    return [standpoint.tree.nodes[each] for each in standpoint.tree.subtree(place)]


@require_safe
@never_cache
@login_required
def department(request: HttpRequest) -> HttpResponse:
    """The liaison's page; nobody else has one."""
    today = timezone.localdate()
    departments = own_department(request)
    members = members_of(departments, today)
    reminded = reminded_on(today, [member.cadre for member in members])
    rows = [(member, [(gap, (member.cadre.pk, gap.name) in reminded) for gap in member.gaps]) for member in members]
    context = {
        "department": departments[0],
        "year": today.year,
        "rows": rows,
        "sums": sums_of(members, today.year),
    }
    return render(request, "department.html", context)


@sent_from("department")
@login_required
def department_remind(request: HttpRequest) -> HttpResponse:
    """One click: a notice to the person, with what is owed as it stands now."""
    liaison, now = signed_in(request), timezone.now()
    number = request.POST.get("cadre", "")
    members = members_of(own_department(request), timezone.localdate(now))
    member = next((each for each in members if is_id(number) and each.cadre.pk == int(number)), None)
    if member is None or member.cadre == liaison:
        raise Http404
    gap = gap_named(member, request.POST.get("item", ""))
    if gap is None:
        messages.info(request, f"{member.cadre.name}已经不差这一项，不用提醒。")
        return redirect("department")
    body, address = reminder_words(member, gap, liaison), reverse("me")
    if remind(recipient=member.cadre, sender=liaison, item=gap.name, body=body, address=address, now=now):
        messages.success(request, f"已提醒{member.cadre.name}：{gap.name}。只有本人能看到。")
    else:
        messages.info(request, f"今天已经提醒过{member.cadre.name}：{gap.name}。")
    return redirect("department")


def reminder_words(member: Member, gap: Gap, liaison: Cadre) -> str:
    late = "，按补报计分" if gap.in_grace else ""
    begun = f"，{gap.begun}" if gap.begun else ""
    return f"还差 {gap.missing} 项，{spoken(gap.day)}前上报{late}{begun}。{liaison.name}提醒。"
