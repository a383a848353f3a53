"""Books that people give: offered, inspected row by row, taken in as copies that name the donor, with a certificate.

Never a quota, and it earns nothing. States move by compare-and-set and each decision leaves an event in the same
transaction. Raises NotAllowed, IllegalStep, Stale or ValueError, whose str() are Chinese sentences.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse

from notices.services import send
from organization.models import AccessAction, Cadre
from organization.services.audit import record_event
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from reading.kinds import Condition, Source
from reading.models import Book, Donation, DonationEvent, DonationItem, Place, SubjectArea
from reading.services.authority import check_librarian, librarians
from reading.services.catalogue import add_copies, find_or_add
from reading.services.numbering import lock_numbers
from reading.states import DONATION_TRANSITIONS, DonationAction, DonationState
from shuxiang.typography import quoted

WHAT = "捐赠"
MOST_ITEMS = 100
TOLD = {
    DonationAction.ACCEPT: "已入藏，可以打印捐赠证书",
    DonationAction.DECLINE: "未能接收",
    DonationAction.REOPEN: "重新验收",
}


@dataclass(frozen=True)
class Offered:
    """One title that somebody would give."""

    title: str
    isbn: str = ""
    author: str = ""
    publisher: str = ""
    count: int = 1


@dataclass(frozen=True)
class Finding:
    """What inspection found of one title; `accepted` of none is 0."""

    accepted: int
    condition: str = ""
    remark: str = ""
    area: SubjectArea | None = None
    clc: str = ""


def offer(
    *,
    by: Cadre,
    items: Sequence[Offered],
    now: datetime,
    note: str = "",
    is_named: bool = True,
    donor_name: str = "",
    token: UUID | None = None,
) -> Donation:
    """One's own books, or, with `donor_name`, those of somebody from outside whom a librarian registers. The same form
    sent twice, known by its `token`, makes one."""
    if donor_name:
        check_librarian(by)
    if not items:
        raise ValueError("请至少填写一种图书。")
    if len(items) > MOST_ITEMS:
        raise ValueError(f"一次最多登记 {MOST_ITEMS} 种，请分几次登记。")
    if token is not None and (before := offered_before(by, token)) is not None:
        return before
    donation = Donation(
        donor=None if donor_name else by, donor_name=donor_name or by.name, is_named=is_named, offered_at=now,
        note=note, token=token,
    )  # fmt: skip
    try:
        return register(donation, items, by, now)
    except IntegrityError as error:
        before = offered_before(by, token) if token is not None else None
        if before is None:
            raise ValueError("这张登记表已经用过，请重新打开“捐赠图书”再填。") from error
        return before


def offered_before(by: Cadre, token: UUID) -> Donation | None:
    made = DonationEvent.objects.filter(action=DonationAction.OFFER, actor=by)
    return Donation.objects.filter(token=token, events__in=made).first()


@transaction.atomic
def register(donation: Donation, items: Sequence[Offered], by: Cadre, now: datetime) -> Donation:
    donation.save(force_insert=True)
    DonationItem.objects.bulk_create(
        DonationItem(
            donation=donation, isbn=item.isbn, title=item.title, author=item.author, publisher=item.publisher,
            offered=item.count,
        )
        for item in items
    )  # fmt: skip
    record(donation, DonationAction.OFFER, "", DonationState.OFFERED, by, now)
    if donation.donor is not None:
        send(
            recipients=librarians(without=by),
            subject=f"{by.name}要捐赠 {len(items)} 种图书，请验收",
            address=reverse("donation", args=[donation.pk]),
            now=now,
        )
    return donation


@transaction.atomic
def inspect(*, donation: Donation, findings: Mapping[int, Finding], by: Cadre, now: datetime) -> None:
    """`findings` by the key of the item, all of them."""
    before, after = step(donation, DonationAction.INSPECT, by)
    items = list(donation.items.all())
    if {item.pk for item in items} != findings.keys():
        raise ValueError("请逐种验收，一种都不能漏。")
    for item in items:
        found = findings[item.pk]
        if not 0 <= found.accepted <= item.offered:
            raise ValueError(f"{quoted(item.title)}登记了 {item.offered} 册，接收册数不能超过。")
        if found.accepted and found.condition not in Condition.values:
            raise ValueError(f"请选择{quoted(item.title)}的品相。")
    move(donation, before, {"state": after, "changed_at": now})
    for item in items:
        found = findings[item.pk]
        DonationItem.objects.filter(pk=item.pk).update(
            accepted=found.accepted, condition=found.condition, remark=found.remark, area=found.area, clc=found.clc
        )
    record(donation, DonationAction.INSPECT, before, after, by, now)


@transaction.atomic
def accept(*, donation: Donation, home: Place, accepted_on: date, by: Cadre, now: datetime) -> str:
    """Takes the books in and gives the certificate's number, `JZ2026-0007`."""
    before, after = step(donation, DonationAction.ACCEPT, by)
    items = [item for item in donation.items.select_related("area") if item.accepted]
    if not items:
        raise ValueError("没有要接收的图书，请改为不接收，或重新验收。")
    lock_numbers()
    number = next_certificate(accepted_on.year)
    columns = {"state": after, "certificate": number, "accepted_on": accepted_on, "reply": "", "changed_at": now}
    move(donation, before, columns)
    donor = donation.donor_name if donation.is_named else ""
    for item in items:
        book = find_or_add(book=title_of(item), by=by)
        DonationItem.objects.filter(pk=item.pk).update(book=book)
        add_copies(
            book=book, count=item.accepted or 0, home=home, source=Source.DONATION, acquired_on=accepted_on, by=by,
            now=now, condition=Condition(item.condition), donor=donor, donation_item=item,
        )  # fmt: skip
    record(donation, DonationAction.ACCEPT, before, after, by, now)
    tell(donation, DonationAction.ACCEPT, by, now)
    return number


def title_of(item: DonationItem) -> Book:
    return Book(
        title=item.title, isbn=item.isbn, author=item.author, publisher=item.publisher, area=item.area, clc=item.clc
    )


def next_certificate(year: int) -> str:
    """The next of the year; inside the caller's transaction, whose lock makes it wait for the one before."""
    stem = f"JZ{year}-"
    given = Donation.objects.filter(certificate__startswith=stem).values_list("certificate", flat=True)
    return f"{stem}{max((int(number.removeprefix(stem)) for number in given), default=0) + 1:04}"


@transaction.atomic
def decline(*, donation: Donation, reason: str, by: Cadre, now: datetime) -> None:
    before, after = step(donation, DonationAction.DECLINE, by)
    reason = reason.strip()
    if not reason:
        raise ValueError("不接收要写明原因，捐赠人会看到。")
    move(donation, before, {"state": after, "reply": reason, "changed_at": now})
    record(donation, DonationAction.DECLINE, before, after, by, now, reason)
    tell(donation, DonationAction.DECLINE, by, now, reason)


@transaction.atomic
def cancel(*, donation: Donation, by: Cadre, now: datetime) -> None:
    """By the donor; for a donor from outside by a librarian."""
    before, after = step(donation, DonationAction.CANCEL, by)
    move(donation, before, {"state": after, "changed_at": now})
    record(donation, DonationAction.CANCEL, before, after, by, now)


@transaction.atomic
def reopen(*, donation: Donation, by: Cadre, now: datetime) -> None:
    before, after = step(donation, DonationAction.REOPEN, by)
    move(donation, before, {"state": after, "reply": "", "changed_at": now})
    record(donation, DonationAction.REOPEN, before, after, by, now)
    tell(donation, DonationAction.REOPEN, by, now)


def step(donation: Donation, action: DonationAction, by: Cadre) -> tuple[DonationState, DonationState]:
    """Checks authority and the table. Nobody decides on books of their own; only their owner takes an offer back."""
    if action == DonationAction.CANCEL and donation.donor_id is not None:
        if donation.donor_id != by.pk:
            raise NotAllowed("只有捐赠人本人能取消。")
    else:
        check_librarian(by)
        if donation.donor_id == by.pk:
            raise NotAllowed("自己捐赠的图书，请另一位图书管理员或办公室办理。")
    before = DonationState(donation.state)
    after = DONATION_TRANSITIONS.get((before, action))
    if after is None:
        raise IllegalStep(WHAT, before.label, action.label)
    return before, after


def move(donation: Donation, before: DonationState, columns: dict[str, object]) -> None:
    if Donation.objects.filter(pk=donation.pk, state=before).update(**columns) != 1:
        raise Stale(WHAT)


def record(
    donation: Donation,
    action: DonationAction,
    before: str,
    after: str,
    by: Cadre,
    now: datetime,
    reason: str = "",
) -> None:
    DonationEvent.objects.create(
        donation=donation, action=action, from_state=before, to_state=after, actor=by, at=now, reason=reason
    )
    if donation.donor_id != by.pk:
        about, detail = f"捐赠 {donation.pk} {donation.shown_name}", "：".join(filter(None, (action.label, reason)))
        record_event(action=AccessAction.READING, actor=by, about=about, detail=detail)


def tell(donation: Donation, action: DonationAction, by: Cadre, now: datetime, reason: str = "") -> None:
    if donation.donor is not None and donation.donor_id != by.pk:
        send(
            recipients=[donation.donor],
            subject=f"您捐赠的图书{TOLD[action]}",
            body=reason,
            address=reverse("donation", args=[donation.pk]),
            now=now,
        )
