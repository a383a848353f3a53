"""领读: what leaders read with everybody, month by month. Raises NotAllowed, StaleLead or ValueError."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from organization.models import AccessAction, Cadre, Posting, Tree, work_scope_of
from organization.roles import Role
from organization.services.audit import record_event
from organization.services.lives import FieldRefused
from organization.services.places import place_of
from organization.services.roles import NotAllowed
from reading.models import Book, Lead
from shuxiang.periods import Year, shanghai_date


class StaleLead(Exception):
    """Somebody else changed this month in between; str() is a Chinese sentence."""

    def __init__(self) -> None:
        super().__init__("这个月的领读刚在别处改动过，请核对后再保存。")


@dataclass(frozen=True, slots=True)
class LeadContent:
    title: str
    author: str = ""
    book: Book | None = None
    reason: str = ""
    talk_topic: str = ""
    talk_on: date | None = None
    talk_note: str = ""
    is_done: bool = False


def leaders_in(year: int, *, seen_by: Cadre, today: date) -> QuerySet[Cadre]:
    """Leaders in service in the year, and who led then, of the viewer's agency; of all where that is the root or none.

    Constant queries.
    """
    span = Year(year).span
    postings = Posting.objects.filter(Q(until__isnull=True) | Q(until__gte=span.first), since__lte=span.last)
    place = place_of(seen_by, today)
    if place is not None:
        tree = Tree.load()
        postings = postings.filter(department__in=tree.subtree(tree.agency(place.department)))
    leading = Cadre.groups.through.objects.filter(cadre=OuterRef("pk"), group__name=Role.LEADER)
    led = Lead.objects.filter(leader=OuterRef("pk"), month__range=(span.first, span.last))
    served = Exists(postings.filter(cadre=OuterRef("pk")))
    return Cadre.objects.filter(served, Q(Exists(leading)) | Q(Exists(led))).order_by("employee_number")


def may_lead(leader: Cadre, by: Cadre) -> bool:
    """A leader fills in the own months, the office those of its scope."""
    if leader.pk == by.pk:
        return by.has_role(Role.LEADER)
    return by.has_role(Role.OFFICE) and led_by_office(by).filter(pk=leader.pk).exists()


def led_by_office(office: Cadre) -> QuerySet[Cadre]:
    scope = work_scope_of(office)
    if scope.everybody:
        return Cadre.objects.all()
    return Cadre.objects.filter(Exists(Posting.objects.filter(cadre=OuterRef("pk"), department__in=scope.departments)))


def set_lead(
    *, leader: Cadre, month: date, seen: datetime | None, content: LeadContent, by: Cadre, now: datetime
) -> Lead:
    """Plans the month, or changes it as it was `seen`: the stamp of its last change, None where there was nothing."""
    check(leader, by)
    if not content.title:
        raise ValueError("请填写书名。")
    check_done(month, content.is_done, shanghai_date(now))
    columns = columns_of(content)
    if seen is None:
        try:
            with transaction.atomic():
                return Lead.objects.create(leader=leader, month=month, **columns)
        except IntegrityError:
            raise StaleLead from None
    stored = Lead.objects.filter(leader=leader, month=month)
    if stored.filter(changed_at=seen).update(changed_at=now, **columns) != 1:
        raise StaleLead
    return stored.get()


@transaction.atomic
def clear_lead(*, lead: Lead, seen: datetime | None, by: Cadre, now: datetime) -> None:
    """Takes a month out of the plan that was not led yet."""
    check(lead.leader, by)
    if lead.is_done:
        raise ValueError("这个月已经完成领读，不能取消；登记有误请改正内容。")
    if seen is None or Lead.objects.filter(pk=lead.pk, changed_at=seen, is_done=False).delete()[0] != 1:
        raise StaleLead
    record_event(action=AccessAction.PLAN, actor=by, about=str(lead), detail=f"取消领读安排：{lead.title}")


def check(leader: Cadre, by: Cadre) -> None:
    if not may_lead(leader, by):
        raise NotAllowed("领读由领导本人或办公室安排。")


def check_done(month: date, is_done: bool, today: date) -> None:
    if is_done and month > today:
        raise FieldRefused("还没有到这个月，不能标为已完成。", "is_done")


def columns_of(content: LeadContent) -> Mapping[str, object]:
    return {
        "title": content.title,
        "author": content.author,
        "book": content.book,
        "reason": content.reason,
        "talk_topic": content.talk_topic,
        "talk_on": content.talk_on,
        "talk_note": content.talk_note,
        "is_done": content.is_done,
    }
