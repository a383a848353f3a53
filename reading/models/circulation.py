from datetime import date
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from organization.models import Cadre, Posting
from organization.roles import LIBRARIANS
from reading.models.catalogue import Book, Copy
from reading.states import OPEN_HOLDS, HoldState
from shuxiang.periods import written
from shuxiang.tracking import Tracked

MOST_LOANS = 50


def check_weekdays(text: str) -> None:
    if not set(text) <= set("1234567") or len(set(text)) < len(text):
        raise ValidationError("请用 1 到 7 各写一次，周一是 1，周日是 7，如 12345。")


class LendingPolicy(Tracked):
    """The reading room's settings, one row; the office edits them at its desk."""

    max_loans = models.PositiveSmallIntegerField(
        "每人可借（册）", default=3, validators=[MinValueValidator(1), MaxValueValidator(MOST_LOANS)]
    )
    loan_days = models.PositiveSmallIntegerField(
        "借期（天）", default=14, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    max_renewals = models.PositiveSmallIntegerField("可续借（次）", default=1, validators=[MaxValueValidator(10)])
    hold_days = models.PositiveSmallIntegerField(
        "预约书保留（天）", default=3, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    notice_days = models.PositiveSmallIntegerField("到期前几天提醒", default=2, validators=[MaxValueValidator(30)])
    history_days = models.PositiveSmallIntegerField(
        "借阅记录保留（天）", default=365, validators=[MaxValueValidator(3650)],
        help_text="归还后满这些天，借阅记录去掉姓名。",
    )  # fmt: skip
    self_service = models.BooleanField("读者可自助借还", default=True)
    renewal_target = models.PositiveSmallIntegerField(
        "年度更新率目标（%）", default=30, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    # Monday is 1; on other days nothing falls due.
    open_weekdays = models.CharField(
        "每周开放日",
        max_length=7,
        default="12345",
        validators=[check_weekdays],
        help_text="周一写 1，周日写 7，如 12345。",
    )

    objects: ClassVar[models.Manager["LendingPolicy"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "借阅规则"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="lending_policy_one_row")]

    def __str__(self) -> str:
        return "借阅规则"


class ClosedDay(models.Model):
    """Days on which the reading room is closed beside weekends and holidays; both ends included."""

    since = models.DateField("起")
    until = models.DateField("止")
    reason = models.CharField("原因", max_length=50)

    class Meta:
        verbose_name = verbose_name_plural = "闭馆日"
        ordering = ["-since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="closed_day_proper_span",
                violation_error_message="结束日期不能早于开始日期，请改正其中之一。",
            ),
        ]

    def __str__(self) -> str:
        return f"{written(self.since)}—{written(self.until)} {self.reason}"


class LoanQuerySet(models.QuerySet["Loan"]):
    def open(self) -> Self:
        return self.filter(returned_at__isnull=True)

    def of(self, cadre: Cadre) -> Self:
        """One's own, returned ones too: nobody else ever sees those."""
        return self.filter(borrower=cadre)

    def returned(self) -> Self:
        return self.filter(returned_at__isnull=False)

    def overdue(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)

    def due_until(self, today: date, day: date) -> Self:
        """Open and due from today to the day."""
        return self.open().filter(due_on__gte=today, due_on__lte=day)

    def of_leavers(self, today: date) -> Self:
        """Open with somebody who is no longer in service, or whose account is closed: to be cleared before they go."""
        posted = Exists(Posting.objects.filter(cadre=OuterRef("borrower")).covering(today))
        return self.open().filter(~posted | Q(borrower__is_active=False))

    def visible_to(self, viewer: Cadre) -> Self:
        """One's own; a librarian sees everybody's open ones too."""
        own = Q(borrower=viewer)
        return self.filter(own | Q(returned_at__isnull=True) if viewer.has_role(*LIBRARIANS) else own)

    def with_book(self) -> Self:
        return self.select_related("copy__book")


class Loan(Tracked):
    """One copy with one person. Returned ones are the borrower's own history until the name is taken off.

    `slot` numbers a person's open loans from 1: two at once cannot both take the last place.
    """

    copy = models.ForeignKey(Copy, verbose_name="馆藏", on_delete=models.PROTECT, related_name="loans")
    borrower = models.ForeignKey(
        Cadre, verbose_name="借阅人", null=True, blank=True, on_delete=models.PROTECT, related_name="loans"
    )
    slot = models.PositiveSmallIntegerField("第几册", null=True, blank=True)
    lent_at = models.DateTimeField("借出时间")
    due_on = models.DateField("应还日期")
    renewals = models.PositiveSmallIntegerField("续借次数", default=0)
    returned_at = models.DateTimeField("归还时间", null=True, blank=True)
    is_lost = models.BooleanField("以丢失结束", default=False)
    # Who stood at the counter; the borrower where the reader helped himself. Goes with the borrower's name.
    lent_by = models.ForeignKey(
        Cadre, verbose_name="借出经办", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    returned_by = models.ForeignKey(
        Cadre, verbose_name="归还经办", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reminded_on = models.DateField("最近提醒", null=True, blank=True)
    # When the librarians were told that its borrower has left with it.
    leaver_told_on = models.DateField("离岗告知", null=True, blank=True)

    objects: ClassVar[models.Manager["Loan"]] = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "借阅"
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["borrower", "-lent_at"], name="loan_borrower_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["copy"], condition=Q(returned_at__isnull=True), name="loan_one_open_per_copy"
            ),
            models.UniqueConstraint(
                fields=["borrower", "slot"], condition=Q(returned_at__isnull=True), name="loan_slot_taken_once"
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=False)
                | Q(borrower__isnull=False, slot__gte=1, slot__lte=MOST_LOANS, is_lost=False),
                name="loan_open_has_borrower_and_slot",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(returned_at__gte=F("lent_at")), name="loan_returned_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.copy_id} {written(self.due_on)}"


class LoanQuarter(models.Model):
    """That somebody borrowed something in a quarter, for the reading rate: neither what nor how often.

    `since` is when the first of it was lent, as long as that may be undone; kept longer, it would tell whose a loan
    without a name was.
    """

    cadre = models.ForeignKey(Cadre, verbose_name="干部", on_delete=models.PROTECT, related_name="+")
    quarter = models.CharField("季度", max_length=6, db_index=True)
    since = models.DateTimeField("首次借出", null=True, blank=True)

    objects: ClassVar[models.Manager["LoanQuarter"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "借阅季度"
        constraints = [models.UniqueConstraint(fields=["cadre", "quarter"], name="loan_quarter_once")]

    def __str__(self) -> str:
        return f"{self.cadre_id} {self.quarter}"


class HoldQuerySet(models.QuerySet["Hold"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_HOLDS)

    def of(self, cadre: Cadre) -> Self:
        return self.filter(cadre=cadre)

    def visible_to(self, viewer: Cadre) -> Self:
        """One's own; a librarian sees everybody's open ones too."""
        own = Q(cadre=viewer)
        return self.filter(own | Q(state__in=OPEN_HOLDS) if viewer.has_role(*LIBRARIANS) else own)

    def ready(self) -> Self:
        return self.filter(state=HoldState.READY)

    def closed(self) -> Self:
        return self.exclude(state__in=OPEN_HOLDS)

    def of_leavers(self, today: date) -> Self:
        posted = Exists(Posting.objects.filter(cadre=OuterRef("cadre")).covering(today))
        return self.open().filter(~posted | Q(cadre__is_active=False))

    def with_place(self) -> Self:
        """Adds `ahead`: how many wait for the same book and are served before."""
        before = Q(placed_at__lt=OuterRef("placed_at")) | Q(placed_at=OuterRef("placed_at"), id__lt=OuterRef("id"))
        queue = Hold.objects.filter(before, book=OuterRef("book"), state=HoldState.WAITING).order_by()
        ahead = queue.values("book").annotate(number=Count("pk")).values("number")
        return self.annotate(ahead=Coalesce(Subquery(ahead), 0))

    def waiting(self) -> Self:
        """In the order in which they are served."""
        return self.filter(state=HoldState.WAITING).order_by("placed_at", "id")


class Hold(Tracked):
    """Somebody waits for a book; once a copy came back it is set aside for `copy`'s hold until `expires_on`."""

    book = models.ForeignKey(Book, verbose_name="图书", on_delete=models.PROTECT, related_name="holds")
    cadre = models.ForeignKey(
        Cadre, verbose_name="预约人", null=True, blank=True, on_delete=models.PROTECT, related_name="holds"
    )
    state = models.CharField("状态", max_length=10, choices=HoldState.choices, default=HoldState.WAITING)
    placed_at = models.DateTimeField("预约时间")
    copy = models.ForeignKey(
        Copy, verbose_name="留书", null=True, blank=True, on_delete=models.PROTECT, related_name="holds"
    )
    ready_at = models.DateTimeField("到书时间", null=True, blank=True)
    expires_on = models.DateField("保留至", null=True, blank=True)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)

    objects: ClassVar[models.Manager["Hold"]] = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "预约"
        ordering = ["placed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "cadre"], condition=Q(state__in=OPEN_HOLDS), name="hold_one_per_book_and_person"
            ),
            models.UniqueConstraint(
                fields=["copy"], condition=Q(state=HoldState.READY), name="hold_copy_set_aside_once"
            ),
            models.CheckConstraint(condition=Q(state__in=HoldState.values), name="hold_state_known"),
            models.CheckConstraint(
                condition=~Q(state=HoldState.READY)
                | Q(copy__isnull=False, ready_at__isnull=False, expires_on__isnull=False),
                name="hold_ready_has_a_copy",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_HOLDS, cadre__isnull=False, closed_at__isnull=True)
                | (~Q(state__in=OPEN_HOLDS) & Q(closed_at__isnull=False)),
                name="hold_closed_with_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book_id} {self.get_state_display()}"
