"""The form of a theme with its book list and the activities that belong to it."""

from datetime import date
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet

from activities.forms.hosts import HostField
from activities.models import Activity, Theme
from activities.services.theming import MOST_BOOKS, Listed, ThemeContent
from organization.models import Scope, Standpoint
from reading.forms.book_choice import BookChoice, Catalogue
from shuxiang.fields import DayField, LineField, TextField
from shuxiang.periods import written

PREFIX = "books"
YEARS = (2000, 2099)
EMPTY_ROWS = 3
# So many activities of the period are offered to be attached.
MOST_ACTIVITIES = 60
BOOK_FIELDS = ("title", "author", "book", "note")


class ThemeForm(forms.Form):
    title = LineField("名称", 100, help_text="例如：2026 年党史学习教育读书月。")
    since = DayField("开始日期", years=YEARS)
    until = DayField("结束日期", years=YEARS)
    description = TextField("说明", 2000, rows=5, required=False)
    document = LineField("依据文件", 200, required=False, help_text="上级文件的名称和文号，可以不填。")

    def __init__(self, *args: Any, standpoint: Standpoint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"] = HostField(standpoint)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "结束日期不能早于开始日期，请改正其中之一。")
        return cleaned

    @property
    def content(self) -> ThemeContent:
        return ThemeContent(**self.cleaned_data)


class BookForm(BookChoice):
    """One line of the book list; left empty, it is none."""

    note = LineField("推荐理由", 200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        title, _, book = self.named()
        if cleaned.get("note") and not title and "title" not in self.errors:
            self.add_error("title", "请填写书名；整行留空的不算。")
        cleaned["listed"] = Listed(title, book, cleaned.get("note", "")) if title else None
        return cleaned


class Books(BaseFormSet):
    default_error_messages = {
        "missing_management_form": "书目没有收全，请刷新本页再填。",
        "too_many_forms": "书目最多 %(num)d 种，请删减。",
    }

    def clean(self) -> None:
        keys = [each.book.pk for each in self.listed if each.book is not None]
        if len(keys) != len(set(keys)):
            raise forms.ValidationError("同一本馆藏图书填了两次，请去掉一次。")

    @property
    def listed(self) -> list[Listed]:
        found = (form.cleaned_data.get("listed") for form in self.forms if hasattr(form, "cleaned_data"))
        return [each for each in found if each is not None]


BookFormSet: Any = forms.formset_factory(
    BookForm, formset=Books, extra=0, max_num=MOST_BOOKS, absolute_max=MOST_BOOKS + 10, validate_max=True
)


def books_form(data: Any = None, initial: list[dict[str, Any]] | None = None) -> Any:
    rows = rows_in(data) if data is not None else initial or []
    return BookFormSet(data, initial=initial, prefix=PREFIX, form_kwargs={"catalogue": Catalogue(rows)})


def rows_in(data: Any) -> list[dict[str, Any]]:
    """The lines as they were typed, whatever is wrong with them."""
    total = str(data.get(f"{PREFIX}-TOTAL_FORMS", ""))
    count = min(int(total), MOST_BOOKS) if total.isascii() and total.isdecimal() and len(total) < 5 else 0
    return [{name: data.get(f"{PREFIX}-{place}-{name}", "") for name in BOOK_FIELDS} for place in range(count)]


def stored_theme(theme: Theme) -> dict[str, Any]:
    names = ("title", "since", "until", "description", "document")
    return {**{name: getattr(theme, name) for name in names}, "department": str(theme.department_id or "")}


def stored_books(theme: Theme) -> list[dict[str, Any]]:
    return [{"title": line.title, "book": line.book_id, "note": line.note} for line in theme.books.all()]


def offered_activities(scope: Scope, since: date | None, until: date | None, theme: Theme | None) -> list[Activity]:
    """Those of the period that are edited from this scope and belong to no other theme; those of the theme anyway."""
    editable = Activity.objects.editable_in(scope)
    own = list(editable.filter(theme=theme).order_by("date", "pk")) if theme is not None else []
    if since is None or until is None:
        return own
    free = editable.standing().touching(since, until).filter(theme__isnull=True).order_by("date", "pk")
    return sorted([*own, *free[:MOST_ACTIVITIES]], key=lambda each: (each.date, each.pk))


def activity_label(activity: Activity) -> str:
    return f"{written(activity.date)} {activity.title}"
