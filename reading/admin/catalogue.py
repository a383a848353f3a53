"""The desk of the catalogue. Office and librarians share all of it: an office has one reading room."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from organization.desk import DeskAdmin, ReadOnlyInline, StampedAdmin, signed_in
from organization.desk_forms import StampedForm
from organization.roles import LIBRARIANS
from reading.forms.catalogue import class_of
from reading.forms.fields import IsbnField
from reading.kinds import Condition
from reading.models import Book, Copy, CopyEvent, SubjectArea
from reading.services.catalogue import EDITED, StaleBook, Taken, add_book, change_book, change_copy
from reading.services.search import found_by
from reading.states import CopyAction, CopyState
from reading.views.cataloguing import MOST_TENDED
from shuxiang.searches import searched


@admin.register(SubjectArea)
class SubjectAreaAdmin(DeskAdmin):
    everybody_sees = True
    editors = adders = LIBRARIANS
    list_display = ["name", "position", "titles"]
    search_fields = ["name"]
    ordering = ["position", "name"]
    fields = ["name", "position"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SubjectArea]:
        return super().get_queryset(request).annotate(number=Count("books"))

    @admin.display(description="图书（种）", ordering="number")
    def titles(self, area: Any) -> int:
        return area.number


class BookDeskForm(StampedForm):
    """`refusal`: why the database would not store what had passed the form a moment before."""

    isbn = IsbnField()
    refusal = ""

    def clean(self) -> dict[str, Any]:
        if self.refusal:
            raise ValidationError(self.refusal)
        return super().clean()

    def clean_clc(self) -> str:
        return class_of(self.cleaned_data["clc"])


class CopyInline(ReadOnlyInline):
    model = Copy
    fields = ["barcode", "home", "state", "condition", "source", "acquired_on"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Copy]:
        return super().get_queryset(request).select_related("home")


@admin.register(Book)
class BookAdmin(StampedAdmin):
    form = BookDeskForm
    everybody_sees = True
    editors = adders = LIBRARIANS
    list_display = ["name", "author", "publisher", "year", "area", "call_number", "copies", "page"]
    list_select_related = ["area"]
    list_filter = ["area"]
    search_fields = ["search_text"]
    search_help_text = "书名、作者、出版社、ISBN、索书号，汉字、拼音或首字母"
    fields = [*EDITED, "page"]
    inlines = [CopyInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Book]:
        held = Copy.objects.in_stock().filter(book=OuterRef("pk")).order_by().values("book")
        return super().get_queryset(request).annotate(number=Subquery(held.annotate(n=Count("pk")).values("n")))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = searched({"q": search_term})
        return (found_by(queryset, text) if text else queryset), False  # type: ignore[arg-type]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["page"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"refusal": getattr(request, "refusal", "")})

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Of two who save the same ISBN at once, the second sees the form with what was typed and the reason."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (Taken, StaleBook) as error:
            request.refusal = str(error)  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Book, form: Any, change: bool) -> None:
        if change:
            change_book(book=obj, seen=obj.changed_at, by=signed_in(request), now=timezone.now())
        else:
            add_book(book=obj, by=signed_in(request))

    @admin.display(description="书名", ordering="sort_key")
    def name(self, book: Book) -> str:
        return book.title

    @admin.display(description="馆藏（册）", ordering="number")
    def copies(self, book: Any) -> int:
        return book.number or 0

    @admin.display(description="门户页面")
    def page(self, book: Book) -> str:
        return format_html('<a href="{}">查看</a>', reverse("book", args=[book.pk])) if book.pk else "保存以后就有"


@admin.register(Copy)
class CopyAdmin(StampedAdmin):
    """Copies come in and go by the pages of the portal; here they are listed, and condition and note corrected."""

    everybody_sees = True
    editors = LIBRARIANS
    list_display = ["barcode", "title", "home", "state", "condition", "source", "acquired_on"]
    list_select_related = ["book", "home"]
    list_filter = ["state", "source", "condition", "home", "book__area"]
    search_fields = ["barcode", "book__search_text", "donor"]
    date_hierarchy = "acquired_on"
    fields = ["barcode", "book", "home", "state", "condition", "source", "donor", "acquired_on", "left_on", "note"]
    actions = ["move", "withdraw", "correct", "print_labels"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [field for field in self.fields or [] if field not in ("condition", "note")]

    def save_model(self, request: HttpRequest, obj: Copy, form: Any, change: bool) -> None:
        before = Copy.objects.get(pk=obj.pk)
        change_copy(
            copy=before, condition=Condition(obj.condition), note=obj.note, by=signed_in(request), now=timezone.now()
        )

    @admin.display(description="图书", ordering="book__sort_key")
    def title(self, copy: Copy) -> str:
        return format_html('<a href="{}">{}</a>', reverse("book", args=[copy.book_id]), copy.book.title)

    def asked(self, request: HttpRequest, queryset: QuerySet[Copy], page: str, **said: str) -> HttpResponse:
        """The page of the portal that asks for the rest."""
        ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_TENDED + 1])
        if len(ids) > MOST_TENDED:
            messages.warning(request, f"一次最多办理 {MOST_TENDED} 册，只带上了前 {MOST_TENDED} 册。")
        return redirect(f"{reverse(page)}?{urlencode({**said, 'copy': ids[:MOST_TENDED]}, doseq=True)}")

    @admin.action(description="移动所选馆藏", permissions=["change"])
    def move(self, request: HttpRequest, queryset: QuerySet[Copy]) -> HttpResponse:
        return self.asked(request, queryset, "copies", action=CopyAction.MOVE)

    @admin.action(description="剔除所选馆藏", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Copy]) -> HttpResponse:
        return self.asked(request, queryset, "copies", action=CopyAction.WITHDRAW)

    @admin.action(description="更正所选馆藏的入藏日期", permissions=["change"])
    def correct(self, request: HttpRequest, queryset: QuerySet[Copy]) -> HttpResponse:
        return self.asked(request, queryset, "copies", action=CopyAction.CORRECT)

    @admin.action(description="打印所选馆藏的标签", permissions=["change"])
    def print_labels(self, request: HttpRequest, queryset: QuerySet[Copy]) -> HttpResponse:
        return self.asked(request, queryset, "labels")


@admin.register(CopyEvent)
class CopyEventAdmin(DeskAdmin):
    everybody_sees = True
    viewers = LIBRARIANS
    list_display = ["at", "copy", "action", "from_place", "to_place", "actor", "reason"]
    list_select_related = ["copy__book", "from_place", "to_place", "actor"]
    list_filter = ["action", "to_place"]
    search_fields = ["copy__barcode", "copy__book__title", "actor__name", "reason"]
    ordering = ["-at", "-id"]
    date_hierarchy = "at"
    fields = ["at", "copy", "action", "change", "from_place", "to_place", "actor", "reason"]
    readonly_fields = ["change"]

    @admin.display(description="状态变化")
    def change(self, event: CopyEvent) -> str:
        before = CopyState(event.from_state).label if event.from_state else "新建"
        return f"{before} → {CopyState(event.to_state).label}"
