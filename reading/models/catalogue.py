from collections.abc import Iterable
from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from organization.models import Event, StoredPicture
from reading.kinds import Condition, Source
from reading.models.places import Place
from reading.states import IN_STOCK, CopyAction, CopyState
from shuxiang.ordering import SortKeyField
from shuxiang.tracking import Tracked
from shuxiang.typography import named_in, quoted

COVER_SQUARES = 8


class ClassLetter(models.Func):
    """The main class (D of D922) of a column of 中图法 numbers, written as the index has it: SQLite does not know
    an index by a parameter."""

    template = "UPPER(SUBSTR(%(expressions)s, 1, 1))"
    output_field = models.CharField()


class SubjectArea(models.Model):
    """The programme's own division of books (政治理论 政策法规 业务知识 文学经典 科技前沿), editable."""

    name = models.CharField(
        "名称", max_length=20, unique=True, error_messages={"unique": "已有同名的主题类别，请换一个名称。"}
    )
    position = models.PositiveIntegerField("排序号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "主题类别"
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class BookQuerySet(models.QuerySet["Book"]):
    def in_stock(self) -> Self:
        """Titles of which the office has a copy, whoever has it now."""
        return self.filter(models.Exists(Copy.objects.in_stock().filter(book=models.OuterRef("pk"))))

    def entered_by_form(self, token: UUID) -> Self:
        return self.filter(token=token)

    def named_by(self, typed: str) -> "Book | None":
        """The title that an ISBN of 13 digits, a call number or a barcode names."""
        digits = "".join(filter(str.isdecimal, typed))
        named = Q(isbn=digits) if len(digits) == 13 else Q(call_number=typed)
        return self.filter(named | Q(copies__barcode=typed)).distinct().first()

    def shelved_in(self, places: Iterable[int]) -> Self:
        """Titles at home in one of these places, each with `here` copies of the stock, `free` of them on the shelf."""
        return self.filter(copies__home__in=places, copies__state__in=IN_STOCK).annotate(
            here=models.Count("copies", distinct=True),
            free=models.Count("copies", distinct=True, filter=Q(copies__state=CopyState.AVAILABLE)),
        )


class Book(Tracked):
    """A title (书目). Twenty copies of one book are one title.

    `isbn` holds 13 digits, an ISBN-10 made into one, or nothing; older books have none.
    """

    isbn = models.CharField("ISBN", max_length=13, blank=True)
    title = models.CharField("书名", max_length=200)
    subtitle = models.CharField("副书名", max_length=200, blank=True)
    author = models.CharField("作者", max_length=200, blank=True)
    publisher = models.CharField("出版社", max_length=100, blank=True)
    publication_place = models.CharField("出版地", max_length=50, blank=True)
    year = models.PositiveSmallIntegerField("出版年", null=True, blank=True)
    edition = models.CharField("版次", max_length=50, blank=True)
    series = models.CharField("丛书", max_length=200, blank=True)
    extent = models.CharField("页数", max_length=50, blank=True)
    price = models.CharField("定价", max_length=30, blank=True)
    keywords = models.CharField("主题词", max_length=300, blank=True, help_text="几个词用分号隔开。")
    summary = models.TextField("内容简介", blank=True)
    area = models.ForeignKey(
        SubjectArea, verbose_name="主题类别", null=True, blank=True, on_delete=models.PROTECT, related_name="books"
    )
    clc = models.CharField("中图法分类号", max_length=50, blank=True, help_text="如 I210.6、D262。")
    call_number = models.CharField("索书号", max_length=80, blank=True, help_text="留空时按分类号和种次号自动编。")

    # What the catalogue searches in and is ordered by (reading.services.search).
    search_text = models.TextField(blank=True, editable=False, default="", db_default="")
    sort_key = SortKeyField()
    # Of the form that entered it: sent twice, it makes one title.
    token = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects: ClassVar[models.Manager["Book"]] = BookQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "图书"
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="book_order"),
            models.Index(fields=["area", "sort_key", "id"], name="book_area"),
            models.Index(ClassLetter("clc"), "sort_key", "id", name="book_class"),
            models.Index(fields=["clc"], name="book_clc"),
            models.Index(fields=["call_number"], name="book_call_number"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="book_title_not_empty"),
            models.UniqueConstraint(
                fields=["isbn"],
                condition=~Q(isbn=""),
                name="book_isbn_unique",
                violation_error_message="目录里已有这个 ISBN 的图书，请在那本书上增加馆藏。",
            ),
            models.UniqueConstraint(
                fields=["call_number"],
                condition=~Q(call_number=""),
                name="book_call_number_unique",
                violation_error_message="已有这个索书号，请换一个，或留空自动编。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def quoted(self) -> str:
        return quoted(self.title)

    @property
    def slip(self) -> str:
        """What the title slip of a drawn cover has room for."""
        return named_in(self.title, COVER_SQUARES)

    @property
    def cloth(self) -> int:
        """The colour of the book's spine, 1 to 10, the same on every page for life."""
        return self.pk % 10 + 1


class CopyQuerySet(models.QuerySet["Copy"]):
    def in_stock(self) -> Self:
        return self.filter(state__in=IN_STOCK)

    def available(self) -> Self:
        return self.filter(state=CopyState.AVAILABLE)

    def chosen(self, ids: Iterable[int]) -> Self:
        """Those that somebody ticked."""
        return self.filter(pk__in=ids)

    def at_home_in(self, places: Iterable[int]) -> Self:
        return self.filter(home__in=places)


class Copy(Tracked):
    """One copy (复本) on the shelf, known by its barcode.

    `acquired_on` and `left_on` (lost or withdrawn) bound its days in stock: both count for the renewal gauge.
    """

    book = models.ForeignKey(Book, verbose_name="图书", on_delete=models.PROTECT, related_name="copies")
    barcode = models.CharField("条码", max_length=30, unique=True, error_messages={"unique": "已有这个条码，请核对。"})
    home = models.ForeignKey(Place, verbose_name="馆藏地点", on_delete=models.PROTECT, related_name="copies")
    state = models.CharField("状态", max_length=12, choices=CopyState.choices, default=CopyState.AVAILABLE)
    condition = models.CharField("品相", max_length=10, choices=Condition.choices, default=Condition.GOOD)
    source = models.CharField("来源", max_length=10, choices=Source.choices, default=Source.PURCHASE)
    donor = models.CharField("捐赠人", max_length=50, blank=True)
    donation_item = models.ForeignKey(
        "reading.DonationItem", verbose_name="捐赠", null=True, blank=True, on_delete=models.PROTECT,
        related_name="copies",
    )  # fmt: skip
    acquired_on = models.DateField("入藏日期")
    left_on = models.DateField("离馆日期", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    # Of the row of a register that brought it in (reading.services.arrivals): the same row twice brings nothing,
    # whatever became of the copy and of its title meanwhile.
    origin = models.CharField(max_length=64, blank=True, editable=False, default="", db_default="")

    objects: ClassVar[models.Manager["Copy"]] = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "馆藏"
        ordering = ["barcode"]
        indexes = [
            models.Index(fields=["book", "state"], name="copy_book_state"),
            models.Index(fields=["home", "book", "state"], name="copy_home_book"),
            models.Index(fields=["acquired_on"], name="copy_acquired"),
            models.Index(fields=["origin"], name="copy_origin", condition=~Q(origin="")),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(barcode=""), name="copy_barcode_not_empty"),
            models.CheckConstraint(condition=Q(state__in=CopyState.values), name="copy_state_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="copy_source_known"),
            models.CheckConstraint(condition=Q(condition__in=Condition.values), name="copy_condition_known"),
            models.CheckConstraint(
                condition=Q(state__in=IN_STOCK, left_on__isnull=True)
                | Q(state__in=[CopyState.LOST, CopyState.WITHDRAWN], left_on__isnull=False),
                name="copy_left_with_a_date",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=models.F("acquired_on")),
                name="copy_left_after_it_came",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.barcode} {self.book}"

    @property
    def is_in_stock(self) -> bool:
        return self.state in IN_STOCK

    @property
    def is_available(self) -> bool:
        return self.state == CopyState.AVAILABLE

    @property
    def is_awaited(self) -> bool:
        """Of the stock and not on its shelf: one may ask to be next."""
        return self.is_in_stock and not self.is_available

    @property
    def is_on_loan(self) -> bool:
        return self.state == CopyState.ON_LOAN


class CopyEvent(Event):
    """What became of a copy, moves included. Lending and returning are loans, which know who; they stand there only."""

    copy = models.ForeignKey(Copy, verbose_name="馆藏", on_delete=models.PROTECT, related_name="events")
    action = models.CharField("事项", max_length=12, choices=CopyAction.choices)
    from_place = models.ForeignKey(
        Place, verbose_name="原地点", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    to_place = models.ForeignKey(
        Place, verbose_name="新地点", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[models.Manager["CopyEvent"]] = models.Manager()

    class Meta(Event.Meta):
        verbose_name = verbose_name_plural = "馆藏记录"
        indexes = [models.Index(fields=["copy", "at"], name="copy_event_copy")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.copy_id}"


class Picture(StoredPicture):
    """A cover or a photograph; it belongs to exactly one row.

    Everybody signed in may see it, through its view only.
    """

    stage = models.CharField("阶段", max_length=10, blank=True)
    book = models.OneToOneField(
        Book, verbose_name="图书", null=True, blank=True, on_delete=models.PROTECT, related_name="cover"
    )
    place = models.ForeignKey(
        Place, verbose_name="地点", null=True, blank=True, on_delete=models.PROTECT, related_name="pictures"
    )
    project = models.ForeignKey(
        "reading.Project", verbose_name="改造", null=True, blank=True, on_delete=models.PROTECT, related_name="pictures"
    )

    objects: ClassVar[models.Manager["Picture"]] = models.Manager()

    class Meta(StoredPicture.Meta):
        verbose_name = verbose_name_plural = "照片"
        constraints = [
            models.CheckConstraint(
                condition=Q(book__isnull=False, place__isnull=True, project__isnull=True, stage="")
                | Q(book__isnull=True, place__isnull=False, project__isnull=True, stage="")
                | Q(book__isnull=True, place__isnull=True, project__isnull=False, stage__in=["before", "after"]),
                name="picture_of_one_thing",
            ),
        ]
