"""The form of an activity with the rows of who speaks and of its books, and the one that cancels it."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils import timezone

from activities.kinds import Part, SignUp, Tag
from activities.models import Lecturer, Theme
from activities.services.content import ActivityContent, Title, Voice
from activities.services.scheduling import REASON_LENGTH
from organization.forms import staff_named
from organization.models import Cadre, Department, Standpoint
from organization.services.naming import labelled
from reading.forms.book_choice import BookChoice, Catalogue
from shuxiang.fields import CountField, DayField, LineField, NumberedChoice, TextField, plain
from shuxiang.form_rows import Rows, filled

YEARS = (2000, 2099)
MOST_SPEAKERS = MOST_BOOKS = 30
SPEAKERS, BOOKS = "speakers", "books"
EMPTY_ROWS = 3
# So many lecturers are offered while one types.
OFFERED = 200


class ClockField(forms.TimeField):
    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            required=False,
            widget=forms.TimeInput(attrs={"type": "time", "class": "form-control"}, format="%H:%M"),
            input_formats=["%H:%M", "%H:%M:%S"],
            error_messages={"invalid": f"{label}请填成 14:30 这样的时间。"},
        )

    def prepare_value(self, value: Any) -> Any:
        return plain(value)[:10] if isinstance(value, str) else value

    def to_python(self, value: Any) -> time | None:
        return super().to_python(plain(value)[:20].replace("：", ":") if isinstance(value, str) else value)


class MomentField(forms.DateTimeField):
    """In the office's own time."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M")
        self.wrong = f"{label}请填成 2026-03-05 17:30 这样的时间。"
        super().__init__(
            label=label,
            required=False,
            widget=widget,
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
            error_messages={"invalid": self.wrong},
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return plain(value)[:30] if isinstance(value, str) else super().prepare_value(value)

    def to_python(self, value: Any) -> datetime | None:
        found = super().to_python(plain(value)[:40] if isinstance(value, str) else value)
        if found is not None and not YEARS[0] <= found.year <= YEARS[1]:
            raise forms.ValidationError(self.wrong)
        return found


class ActivityForm(forms.Form):
    """`version` is that of the page which was opened; the service compares it."""

    title = LineField("活动名称", 200)
    category = LineField("类型", 50, required=False, help_text="可以从列出的选，也可以自己写。")
    for_office = forms.BooleanField(label="机关", required=False)
    for_branch = forms.BooleanField(label="支部", required=False)
    for_union = forms.BooleanField(label="工会", required=False)
    theme = forms.ModelChoiceField(
        Theme.objects.none(), label="主题阅读", required=False, empty_label="不属于主题阅读",
        error_messages={"invalid_choice": "请从列出的主题阅读里选。"},
    )  # fmt: skip
    date = DayField("日期", years=YEARS)
    until = DayField("结束日期", years=YEARS, required=False, help_text="持续几天的活动填写，当天结束的留空。")
    starts_at = ClockField("开始时间")
    ends_at = ClockField("结束时间")
    venue = LineField("地点", 100, required=False)
    department = NumberedChoice(label="主办", required=False, error_messages={"invalid_choice": "请从列出的科室里选。"})
    organiser = LineField(
        "组织人", 60, required=False, help_text="填姓名或工号：登记报名、签到、纪要和照片的人，办公室也可以。"
    )
    sign_up = forms.ChoiceField(
        label="报名", choices=SignUp.choices, initial=SignUp.NONE,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择要不要报名。"),
    )  # fmt: skip
    capacity = CountField("名额", most=99_999, required=False, help_text="留空表示不限；报满以后自动候补。")
    sign_up_until = MomentField("报名截止", help_text="留空表示到活动开始。")
    description = TextField("说明", 5000, required=False)
    partner = LineField("合作单位", 100, required=False, help_text="如合作媒体、协办单位。")
    guests = CountField("外来人数", most=99_999, least=0, required=False, help_text="没有账号的来宾和群众，事后填写。")
    conclusions = TextField("结论", 5000, required=False, help_text="研讨会、案例分析会形成的意见，事后填写。")

    def __init__(
        self, *args: Any, standpoint: Standpoint, stored: ActivityContent | None = None, **kwargs: Any
    ) -> None:
        """`standpoint` is that of whoever fills it in, `stored` the activity as it is."""
        super().__init__(*args, **kwargs)
        self.everybody, self.known = standpoint.work_scope.everybody, known_people(stored)
        stays = [stored.theme.pk] if stored is not None and stored.theme is not None else []
        seen = Theme.objects.in_use().in_neighbourhood(standpoint.neighbourhood)
        self.fields["theme"].queryset = seen | Theme.objects.filter(pk__in=stays)  # type: ignore[attr-defined]
        self.fields["department"].choices = departments_in(standpoint)  # type: ignore[attr-defined]
        for tag in Tag:
            self.fields[tag.value].widget.attrs["class"] = "form-check-input"
        self.fields["category"].widget.attrs |= {"list": "categories", "autocomplete": "off"}

    def clean_organiser(self) -> Cadre | None:
        words = self.cleaned_data["organiser"]
        return self.known.get(words) or staff_named(words)

    def clean_department(self) -> Department | None:
        chosen = self.cleaned_data["department"]
        if chosen is None and not self.everybody:
            raise forms.ValidationError("请选择主办的科室。")
        return Department.objects.get(pk=chosen) if chosen else None

    def content(self, speakers: Any, books: Any) -> ActivityContent:
        return ActivityContent(**self.cleaned_data, voices=speakers.voices, titles=books.titles)


def departments_in(standpoint: Standpoint) -> list[tuple[Any, str]]:
    """By their paths; without one the root holds the activity, which only its office may say."""
    scope, tree = standpoint.work_scope, standpoint.tree
    root = tree.root.name if tree.root else ""
    inside = tree.nodes.keys() if scope.everybody else set(scope.departments)
    rows = [(node.id, tree.paths[node.id]) for node in tree.ordered if node.id in inside and node != tree.root]
    return [("", f"{root}（全体）" if scope.everybody else "请选择"), *rows]


def known_people(stored: ActivityContent | None) -> dict[str, Cadre]:
    """Who stands in the activity already, as the form writes them: they stay, also when they have left."""
    if stored is None:
        return {}
    people = [*(each.cadre for each in stored.voices), stored.organiser]
    return {labelled(person): person for person in people if person is not None}


class SpeakerForm(forms.Form):
    """The words of a lecturer from outside are a name with a unit, or one that the portal knows already."""

    name = LineField("姓名", 100, required=False)
    part = forms.ChoiceField(
        label="身份", choices=Part.choices, initial=Part.LECTURER, required=False,
        error_messages={"invalid_choice": "请从列出的身份里选。"},
    )  # fmt: skip
    unit = LineField("外请专家的单位职务", 100, required=False)
    topic = LineField("题目", 200, required=False)

    def __init__(self, *args: Any, known: dict[str, Cadre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields["name"].widget.attrs["list"] = "lecturers"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name, unit = cleaned.get("name", ""), cleaned.get("unit", "")
        if not name and (unit or cleaned.get("topic")) and "name" not in self.errors:
            self.add_error("name", "请填写姓名，或清空这一行。")
        if name and not self.errors:
            self.find(cleaned, name, unit)
        return cleaned

    def find(self, cleaned: dict[str, Any], name: str, unit: str) -> None:
        cleaned["cadre"] = self.known.get(name) if not unit else None
        cleaned["lecturer"] = None if cleaned["cadre"] or unit else lecturer_named(name)
        if cleaned["cadre"] or cleaned["lecturer"]:
            return
        if unit and len(name) > 50:
            self.add_error("name", f"姓名最多 50 字，现在有 {len(name)} 字，请缩短。")
        elif not unit:
            try:
                cleaned["cadre"] = staff_named(name)
            except forms.ValidationError as error:
                self.add_error("name", f"{error.messages[0]}外请的专家请同时填写单位职务。")


def lecturer_named(words: str) -> Lecturer | None:
    """As one is offered: `张教授（省社科院）`, or the name alone of one without a unit."""
    name, bracket, rest = words.partition("（")
    unit = rest.removesuffix("）") if bracket and rest.endswith("）") else ""
    return Lecturer.objects.filter(name=name if unit else words, unit=unit).order_by("is_closed", "pk").first()


class Speakers(Rows):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["part"].widget.attrs["class"] = "form-select"

    @property
    def voices(self) -> list[Voice]:
        return [
            Voice(row["part"] or Part.LECTURER, row["cadre"], row["lecturer"], row["name"], row["unit"], row["topic"])
            for row in filled(self)
        ]


class BookForm(BookChoice):
    """A book that the activity is about."""

    author = None  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        title, _, book = self.named()
        cleaned["book_title"] = Title(title, book) if title else None
        return cleaned


class Books(BaseFormSet):
    default_error_messages = Rows.default_error_messages

    @property
    def titles(self) -> list[Title]:
        return [form.cleaned_data["book_title"] for form in self.forms if form.cleaned_data.get("book_title")]


SpeakerFormSet: Any = forms.formset_factory(
    SpeakerForm, formset=Speakers, extra=EMPTY_ROWS, max_num=MOST_SPEAKERS, absolute_max=MOST_SPEAKERS + 1,
    validate_max=True,
)  # fmt: skip
BookFormSet: Any = forms.formset_factory(
    BookForm, formset=Books, extra=EMPTY_ROWS, max_num=MOST_BOOKS, absolute_max=MOST_BOOKS + 1, validate_max=True
)


def offered_lecturers() -> list[Lecturer]:
    return list(Lecturer.objects.filter(is_closed=False)[:OFFERED])


def speaker_set(stored: ActivityContent | None, data: Any = None, initial: Any = None) -> Any:
    return SpeakerFormSet(data, prefix=SPEAKERS, initial=initial, form_kwargs={"known": known_people(stored)})


def book_set(rows: Iterable[dict[str, Any]], data: Any = None) -> Any:
    initial = None if data is not None else list(rows)
    return BookFormSet(data, prefix=BOOKS, initial=initial, form_kwargs={"catalogue": Catalogue(rows)})


def stored_fields(content: ActivityContent) -> dict[str, Any]:
    """What the form shows of a stored activity."""
    fields = content.columns()
    return fields | {
        "department": content.department.pk if content.department else "",
        "organiser": labelled(content.organiser) if content.organiser else "",
    }


def stored_speakers(content: ActivityContent) -> list[dict[str, Any]]:
    return [
        {
            "name": labelled(voice.cadre) if voice.cadre else voice.lecturer.name if voice.lecturer else "",
            "unit": voice.lecturer.unit if voice.lecturer else "",
            "part": voice.part,
            "topic": voice.topic,
        }
        for voice in content.voices
    ]


def stored_books(content: ActivityContent) -> list[dict[str, Any]]:
    return [{"title": each.title, "book": each.book.pk if each.book else ""} for each in content.titles]


def copied(content: ActivityContent) -> dict[str, Any]:
    """The start of a new activity from an earlier one: what belongs to its day alone is left out."""
    own = ("date", "until", "sign_up_until", "guests", "conclusions")
    return stored_fields(content) | dict.fromkeys(own)


def empty_fields(theme: Theme | None) -> dict[str, Any]:
    """For a theme, on the first of its days that is still to come; of one that is over, on the last."""
    day = timezone.localdate()
    if theme is None:
        return {"date": day, "for_office": True}
    day = min(max(day, theme.since), theme.until)
    return {"date": day, "for_office": True, "theme": theme.pk, "department": theme.department_id or ""}


class CancelForm(forms.Form):
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = TextField("原因", REASON_LENGTH, rows=3, help_text="报名、候补和主讲的人会看到。")
