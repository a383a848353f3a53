"""The form of a personal plan with its books, and the small ones of its life."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.forms.formsets import BaseFormSet

from organization.models import Cadre
from organization.services.naming import Candidate, NoPerson, candidates_for, labelled
from reading.forms.book_choice import YEARS, BookChoice, Catalogue
from reading.kinds import Visibility
from reading.models import Plan, PlanItem
from reading.services.plan_steps import REASON_LENGTH
from reading.services.planning import MOST_BOOKS, PlanContent, PlannedBook
from shuxiang.fields import DayField, LineField, TextField
from shuxiang.periods import Quarter, Year

PREFIX = "books"
NOT_ONESELF = "导师不能是本人，请另选，或留空由办公室确认。"
EMPTY_ROWS = 3
VISIBILITY_WORDS = {
    Visibility.PRIVATE: "只有我自己：报告完成以前，别人都看不到，导师也看不到。",
    Visibility.MENTOR: "我和导师：导师可以看全部内容、写批注。",
    Visibility.DEPARTMENT: "本科室：同科室的同事能看目标、图书和进度，看不到笔记和批注。",
    Visibility.EVERYBODY: "全体干部：登录的人都能看目标、图书和进度，看不到笔记和批注。",
}


class PlanForm(forms.Form):
    title = LineField("目标", 100, help_text="例如：读完《红星照耀中国》和两本党史著作。")
    description = TextField("打算", 2000, required=False, help_text="为什么读、怎样安排，可以不填。")
    since = DayField("开始日期", years=YEARS)
    until = DayField("结束日期", years=YEARS)
    visibility = forms.ChoiceField(
        label="谁能看",
        choices=[(each.value, VISIBILITY_WORDS[each]) for each in Visibility],
        initial=Visibility.PRIVATE.value,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择谁能看。", "invalid_choice": "请选择谁能看。"},
    )
    mentor = LineField("导师", 100, required=False, help_text="填姓名或工号，可以不填；没有导师的由办公室确认完成。")
    mentor_choice = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, owner: Cadre, today: date, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.owner, self.today = owner, today
        self.candidates: list[Candidate] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "结束日期不能早于开始日期，请改正其中之一。")
        words = cleaned.get("mentor", "")
        cleaned["who"] = self.named(words, cleaned.get("mentor_choice", "")) if words else None
        return cleaned

    def named(self, words: str, chosen: str) -> Cadre | None:
        try:
            self.candidates = candidates_for(words, near=self.owner, day=self.today, not_oneself=NOT_ONESELF)
        except NoPerson as error:
            self.add_error("mentor", str(error))
            return None
        found = [each.cadre for each in self.candidates if str(each.cadre.pk) == chosen]
        if len(self.candidates) == 1:
            found = [self.candidates[0].cadre]
            self.candidates = []
        if not found:
            self.add_error("mentor", f"叫“{words[:30]}”的有 {len(self.candidates)} 人，请在下面选一位。")
            return None
        return found[0]


class BookForm(BookChoice):
    """One book of the plan."""

    item = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    due_on = DayField("计划读完", years=YEARS, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        title, author, book = self.named()
        blank = not any((title, author, cleaned.get("due_on")))
        if "title" not in self.errors:
            if cleaned.get("item") and blank:
                self.add_error("title", "书名不能为空。不打算读了，请保存以后在计划页标为不读了。")
            elif not title and not blank:
                self.add_error("title", "请填写书名；整行留空的不算。")
        cleaned["planned"] = (
            None if blank else PlannedBook(title, author, book, cleaned.get("due_on"), cleaned.get("item"))
        )
        return cleaned


class BooksFormSet(BaseFormSet):
    def clean(self) -> None:
        planned = [each for each in self.planned_books if each]
        keys = [each.book.pk for each in planned if each.book is not None]
        if len(keys) != len(set(keys)):
            raise forms.ValidationError("同一本馆藏图书填了两次，请去掉一次。")

    @property
    def planned_books(self) -> list[PlannedBook]:
        found = (form.cleaned_data.get("planned") for form in self.forms if hasattr(form, "cleaned_data"))
        return [each for each in found if each is not None]


BookFormSet: Any = forms.formset_factory(
    BookForm, formset=BooksFormSet, extra=0, max_num=MOST_BOOKS, absolute_max=MOST_BOOKS + 10, validate_max=True
)


class StepForm(forms.Form):
    """A decision or a step with a word."""

    reason = TextField("说明", REASON_LENGTH, rows=3, required=False)


class NoteForm(forms.Form):
    text = TextField("内容", settings.TEXT_MAX_CHARACTERS, rows=3)
    item = forms.ModelChoiceField(
        PlanItem.objects.none(), label="关于", required=False, empty_label="整份计划",
        error_messages={"invalid_choice": "这本书不在计划里，请重新选择。"},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, initial: Any = None, items: QuerySet[PlanItem]) -> None:
        super().__init__(data, initial=initial)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]

    def clean_item(self) -> PlanItem | None:
        return self.cleaned_data["item"]


class ReadForm(forms.Form):
    done_on = DayField("读完日期", years=YEARS)


def book_form_set(data: Any = None, initial: list[dict[str, Any]] | None = None) -> Any:
    rows = rows_in(data) if data is not None else initial or []
    return BookFormSet(data, initial=initial, prefix=PREFIX, form_kwargs={"catalogue": Catalogue(rows)})


def rows_in(data: Any) -> list[dict[str, Any]]:
    """The rows of books as they were typed, whatever is wrong with them."""
    total = str(data.get(f"{PREFIX}-TOTAL_FORMS", ""))
    count = min(int(total), MOST_BOOKS) if total.isascii() and total.isdecimal() and len(total) < 5 else 0
    names = ("item", "title", "author", "due_on", "book")
    return [{name: data.get(f"{PREFIX}-{place}-{name}", "") for name in names} for place in range(count)]


def spans(today: date) -> list[tuple[str, str, date, date]]:
    """(value, label, first day, last day) of the spans that a button fills in."""
    quarter, year = Quarter.of(today), Year(today.year)
    return [
        ("quarter", "本季度", quarter.span.first, quarter.span.last),
        ("year", "今年", year.span.first, year.span.last),
    ]


def stored_plan(plan: Plan) -> dict[str, Any]:
    return {
        "title": plan.title,
        "description": plan.description,
        "since": plan.since,
        "until": plan.until,
        "visibility": plan.visibility,
        "mentor": labelled(plan.mentor) if plan.mentor else "",
    }


def stored_books(plan: Plan) -> list[dict[str, Any]]:
    """Without those that were dropped: they are taken up again on the plan's page."""
    return [
        {"item": item.pk, "title": item.title, "author": item.author, "due_on": item.due_on, "book": item.book_id}
        for item in plan.items.filter(is_dropped=False)
    ]


def content_of(form: PlanForm, books: Any) -> PlanContent:
    cleaned = form.cleaned_data
    return PlanContent(
        title=cleaned["title"],
        since=cleaned["since"],
        until=cleaned["until"],
        books=books.planned_books,
        description=cleaned["description"],
        visibility=Visibility(cleaned["visibility"]),
        mentor=cleaned["who"],
    )
