"""How books come in: suggestions with votes, and donations."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from organization.models import Cadre, Event
from organization.roles import LIBRARIANS
from reading.kinds import Condition
from reading.models.catalogue import Book, SubjectArea
from reading.models.circulation import Hold
from reading.states import DonationAction, DonationState, HoldState, SuggestionAction, SuggestionState
from shuxiang.periods import shanghai_date, written
from shuxiang.tracking import Tracked


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def wanted(self) -> Self:
        """What may still be bought."""
        return self.filter(state__in=[SuggestionState.OPEN, SuggestionState.CHOSEN])

    def chosen(self) -> Self:
        """The buying list."""
        return self.filter(state=SuggestionState.CHOSEN)

    def of(self, cadre: Cadre) -> Self:
        return self.filter(suggested_by=cadre)

    def with_interest(self, viewer: Cadre) -> Self:
        """`interest` counts the people, who suggested it among them; `is_voted` tells whether the viewer is one, and
        `queue` how many wait for the title where it is there."""
        votes = Vote.objects.filter(suggestion=models.OuterRef("pk"))
        counted = votes.order_by().values("suggestion").annotate(number=models.Count("pk")).values("number")
        holds = Hold.objects.filter(book=models.OuterRef("book"), state=HoldState.WAITING).order_by().values("book")
        waiting = holds.annotate(number=models.Count("pk")).values("number")
        return self.annotate(
            interest=1 + Coalesce(models.Subquery(counted), 0),
            is_voted=models.Exists(votes.filter(cadre=viewer)),
            queue=Coalesce(models.Subquery(waiting), 0),
        )


class Suggestion(Tracked):
    """A book that somebody would have the office buy (荐购). Neither it nor a vote for it earns anything.

    `basis` is the number of the recommendation that it came from; `book` is what was bought, or the known title of
    which more copies are wanted. `copies` and `price`, of one copy, are what the buying list reckons with.
    """

    isbn = models.CharField("ISBN", max_length=13, blank=True)
    title = models.CharField("书名", max_length=200)
    author = models.CharField("作者", max_length=200, blank=True)
    publisher = models.CharField("出版社", max_length=100, blank=True)
    area = models.ForeignKey(
        SubjectArea, verbose_name="主题类别", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField("荐购理由", blank=True)
    basis = models.CharField("依据", max_length=40, blank=True)
    state = models.CharField("状态", max_length=10, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    suggested_by = models.ForeignKey(Cadre, verbose_name="荐购人", on_delete=models.PROTECT, related_name="suggestions")
    suggested_at = models.DateTimeField("荐购时间")
    book = models.ForeignKey(
        Book, verbose_name="图书", null=True, blank=True, on_delete=models.PROTECT, related_name="suggestions"
    )
    reply = models.CharField("答复", max_length=300, blank=True)
    copies = models.PositiveSmallIntegerField("拟购册数", default=1)
    price = models.DecimalField("估价（元）", max_digits=7, decimal_places=2, null=True, blank=True)
    # Of the form that made it: sent twice, it still makes one.
    token = models.UUIDField(null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager["Suggestion"]] = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "荐购"
        ordering = ["-suggested_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="suggestion_title_not_empty"),
            models.CheckConstraint(condition=Q(state__in=SuggestionState.values), name="suggestion_state_known"),
            models.CheckConstraint(
                condition=~Q(state=SuggestionState.DECLINED) | ~Q(reply=""), name="suggestion_declined_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state=SuggestionState.BOUGHT) | Q(book__isnull=False), name="suggestion_bought_is_a_book"
            ),
            models.UniqueConstraint(
                fields=["isbn"],
                condition=Q(state__in=[SuggestionState.OPEN, SuggestionState.CHOSEN]) & ~Q(isbn=""),
                name="suggestion_wanted_once",
            ),
            models.UniqueConstraint(fields=["suggested_by", "token"], name="suggestion_once_per_form"),
            models.UniqueConstraint(fields=["basis"], condition=~Q(basis=""), name="suggestion_once_per_basis"),
            models.CheckConstraint(
                condition=Q(copies__gte=1) & (Q(price__isnull=True) | Q(price__gte=0)), name="suggestion_sum_proper"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Vote(models.Model):
    """我也想看: interest in a suggested book, at most one per person."""

    suggestion = models.ForeignKey(Suggestion, verbose_name="荐购", on_delete=models.PROTECT, related_name="votes")
    cadre = models.ForeignKey(Cadre, verbose_name="干部", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("时间")

    objects: ClassVar[models.Manager["Vote"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "想看"
        constraints = [models.UniqueConstraint(fields=["suggestion", "cadre"], name="vote_once")]

    def __str__(self) -> str:
        return f"{self.suggestion_id} {self.cadre_id}"


class SuggestionEvent(Event):
    suggestion = models.ForeignKey(Suggestion, verbose_name="荐购", on_delete=models.PROTECT, related_name="events")
    action = models.CharField("事项", max_length=12, choices=SuggestionAction.choices)

    objects: ClassVar[models.Manager["SuggestionEvent"]] = models.Manager()

    class Meta(Event.Meta):
        verbose_name = verbose_name_plural = "荐购办理"

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.suggestion_id}"


class DonationQuerySet(models.QuerySet["Donation"]):
    def accepted(self) -> Self:
        return self.filter(state=DonationState.ACCEPTED)

    def of(self, cadre: Cadre) -> Self:
        return self.filter(donor=cadre)

    def waiting(self) -> Self:
        """What the librarians have to do something about."""
        return self.filter(state__in=[DonationState.OFFERED, DonationState.INSPECTED])

    def visible_to(self, viewer: Cadre) -> Self:
        """One's own; librarians and the office see all."""
        return self if viewer.has_role(*LIBRARIANS) else self.of(viewer)


class Donation(Tracked):
    """Books that somebody gives: offered, inspected, then accepted as copies that name the donor. Never a quota."""

    donor = models.ForeignKey(
        Cadre, verbose_name="捐赠人（本单位）", null=True, blank=True, on_delete=models.PROTECT,
        related_name="donations",
    )  # fmt: skip
    donor_name = models.CharField("捐赠人", max_length=50)
    is_named = models.BooleanField("公开姓名", default=True)
    state = models.CharField("状态", max_length=10, choices=DonationState.choices, default=DonationState.OFFERED)
    offered_at = models.DateTimeField("登记时间")
    note = models.CharField("留言", max_length=300, blank=True)
    # Given when the books are accepted: the certificate's number, and its day.
    certificate = models.CharField("证书编号", max_length=30, blank=True)
    accepted_on = models.DateField("入藏日期", null=True, blank=True)
    reply = models.CharField("答复", max_length=300, blank=True)
    # Of the form that made it: sent twice, it still makes one.
    token = models.UUIDField(null=True, blank=True, editable=False, unique=True)

    objects: ClassVar[models.Manager["Donation"]] = DonationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "捐赠"
        ordering = ["-offered_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(donor_name=""), name="donation_donor_named"),
            models.CheckConstraint(condition=Q(state__in=DonationState.values), name="donation_state_known"),
            models.CheckConstraint(
                condition=~Q(state=DonationState.DECLINED) | ~Q(reply=""), name="donation_declined_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state=DonationState.ACCEPTED, accepted_on__isnull=False) & ~Q(certificate="")
                | ~Q(state=DonationState.ACCEPTED) & Q(accepted_on__isnull=True, certificate=""),
                name="donation_accepted_with_a_certificate",
            ),
            models.UniqueConstraint(
                fields=["certificate"], condition=~Q(certificate=""), name="donation_certificate_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.donor_name} {written(shanghai_date(self.offered_at))}"

    @property
    def taken(self) -> "list[DonationItem]":
        """What came in of it, once its items were read."""
        return [item for item in self.items.all() if item.accepted]

    @property
    def shown_name(self) -> str:
        """As everybody may read it; the certificate is the donor's own and names the donor all the same."""
        return self.donor_name if self.is_named else "一位不愿署名的捐赠人"


class DonationItem(models.Model):
    """One title of a donation: how many were offered and, after inspection, how many are taken."""

    donation = models.ForeignKey(Donation, verbose_name="捐赠", on_delete=models.PROTECT, related_name="items")
    isbn = models.CharField("ISBN", max_length=13, blank=True)
    title = models.CharField("书名", max_length=200)
    author = models.CharField("作者", max_length=200, blank=True)
    publisher = models.CharField("出版社", max_length=100, blank=True)
    offered = models.PositiveSmallIntegerField("册数", default=1)
    accepted = models.PositiveSmallIntegerField("接收册数", null=True, blank=True)
    condition = models.CharField("品相", max_length=10, choices=Condition.choices, blank=True)
    remark = models.CharField("验收说明", max_length=200, blank=True)
    # What the catalogue says of a title that it does not know yet.
    area = models.ForeignKey(
        SubjectArea, verbose_name="主题类别", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    clc = models.CharField("中图法分类号", max_length=50, blank=True)
    book = models.ForeignKey(
        Book, verbose_name="图书", null=True, blank=True, on_delete=models.PROTECT, related_name="donation_items"
    )

    objects: ClassVar[models.Manager["DonationItem"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "捐赠图书"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="donation_item_title_not_empty"),
            models.CheckConstraint(
                condition=Q(offered__gte=1) & (Q(accepted__isnull=True) | Q(accepted__lte=models.F("offered"))),
                name="donation_item_no_more_than_offered",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DonationEvent(Event):
    donation = models.ForeignKey(Donation, verbose_name="捐赠", on_delete=models.PROTECT, related_name="events")
    action = models.CharField("事项", max_length=12, choices=DonationAction.choices)

    objects: ClassVar[models.Manager["DonationEvent"]] = models.Manager()

    class Meta(Event.Meta):
        verbose_name = verbose_name_plural = "捐赠办理"

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.donation_id}"
