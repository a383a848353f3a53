"""What the five forms by which staff hand in works have in common."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import cached_property

from activities.models import Call
from activities.states import CallState
from organization.models import Cadre
from reading.isbn import BadIsbn, normalise
from reading.models import Book
from shuxiang.periods import spoken
from submissions.forms.quarters import Quarters, is_over
from submissions.kinds import Kind
from submissions.models import Submission
from submissions.services.books import with_stock
from submissions.services.calls import open_calls
from submissions.services.contents import COLUMNS, FILES, LINKS, TEXTS, Content
from submissions.services.people import Unknown, people_of, typed_people
from submissions.windows import QuarterRefused

SHOWN = ("show_in_showcase", "show_outside")


class WorkForm(forms.Form):
    """What all kinds have; `steps` are the parts of the page in their order: (legend, names of fields).

    A draft may be incomplete, so no field is required; what is wrong with one field keeps no other from being saved.
    """

    kind: Kind
    steps: Sequence[tuple[str, Sequence[str]]] = ()

    show_in_showcase = forms.BooleanField(label="同意在书香展示", required=False)
    show_outside = forms.BooleanField(
        label="同意对外推送", required=False, help_text="不同意展示和推送也照常计分；同意了也随时可以收回。"
    )
    call = forms.CharField(
        label="应征", required=False, max_length=20,
        help_text="响应哪一份征集令，可以不选；不影响计分。",
    )  # fmt: skip
    for_quarter = forms.CharField(label="计入哪个季度", required=False, max_length=20)
    main_author = forms.CharField(label="作者", required=False, max_length=60)

    def __init__(
        self,
        *args: Any,
        viewer: Cadre,
        today: date,
        work: Submission | None = None,
        colleagues: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        self.viewer, self.today, self.work = viewer, today, work
        super().__init__(*args, **kwargs)
        self.dress_main_author(colleagues)
        self.dress_call()
        self.dress_quarter()

    def dress_main_author(self, colleagues: Sequence[tuple[str, str]]) -> None:
        """Offered to a liaison, as long as nothing was handed in."""
        mine = self.work is None or self.work.entered_by_id == self.viewer.pk
        if not (colleagues and self.is_new and mine):
            del self.fields["main_author"]
            return
        field = self.fields["main_author"]
        field.label, field.help_text = "替谁上报", "替本科室同事上报时选择，作品记在这位同事名下，并注明由您代报。"
        field.widget = forms.Select(choices=[("", "我自己"), *colleagues])

    def dress_call(self) -> None:
        """Offered where a call takes such works; one that the draft names stays, whatever became of it."""
        calls = open_calls(self.kind, self.viewer, self.today)
        stored = self.work.call if self.work is not None else None
        if stored is not None and stored not in calls:
            calls.append(stored)
        self.calls = {str(call.pk): call for call in calls}
        if not calls and not self.data.get("call"):
            del self.fields["call"]
            return
        choices = [(key, called(call, self.today)) for key, call in self.calls.items()]
        self.fields["call"].widget = forms.Select(choices=[("", "不应征"), *choices])

    def dress_quarter(self) -> None:
        """Offered for the first time only: in the grace days, and where the draft names a quarter that lapsed."""
        self.quarters = Quarters.on(self.today, self.named_quarter())
        choices = self.quarters.choices
        self.offers_quarter = self.is_new and len(choices) > 1
        if self.offers_quarter:
            self.fields["for_quarter"].widget = forms.Select(choices=choices)
            self.fields["for_quarter"].help_text = "补报的作品计入上一季度，基础分按方案折算。"

    def named_quarter(self) -> str:
        """What the draft names; where it names none any more, the one that its older form names once more."""
        if self.work is None or not self.is_new:
            return ""
        sent = str(self.data.get("for_quarter", ""))
        return self.work.quarter or (sent if is_over(sent, self.today) else "")

    @property
    def is_new(self) -> bool:
        """Whether the work was never handed in."""
        return self.work is None or self.work.credit_date is None

    @property
    def main(self) -> Cadre:
        """Whose work it is, as far as it is stored."""
        if self.work is not None:
            return self.work.main_author
        return self.viewer

    @cached_property
    def linked_book(self) -> Book | None:
        """The title of the catalogue that the form names, with `is_here`."""
        if "book" not in self.fields:
            return None
        key = self["book"].value()
        return with_stock(Book.objects.filter(pk=int(key))).first() if key else None

    @property
    def chosen_main(self) -> Cadre:
        """Whose work it becomes by what the form says, before anything of it is checked."""
        if "main_author" not in self.fields:
            return self.main
        chosen = str(self["main_author"].value() or "")
        offered = {value for value, _ in self.fields["main_author"].widget.choices}
        return Cadre.objects.get(employee_number=chosen) if chosen and chosen in offered else self.viewer

    def clean_for_quarter(self) -> str:
        """The quarter that was named, empty for that of the day; anything else is refused with its reason."""
        named, lapsed = self.cleaned_data["for_quarter"], self.quarters.lapsed
        if lapsed is not None and (named == str(lapsed) or "for_quarter" not in self.data):
            return str(lapsed)  # a draft may keep it; see ask_quarter
        if not named or (self.work is not None and named == self.work.quarter):
            return named if self.offers_quarter else ""
        try:
            if not self.is_new:
                raise QuarterRefused("考核期已按首次上报定下，不能再改。")
            quarter = self.quarters.windows.quarter_for(self.today, named)
            self.quarters.windows.check_open(quarter)
        except QuarterRefused as error:
            self.add_error("for_quarter" if self.offers_quarter else None, str(error))
            return ""
        return "" if quarter == self.quarters.own else str(quarter)

    def clean_call(self) -> Call | None:
        chosen = self.cleaned_data["call"]
        if chosen and chosen not in self.calls:
            raise forms.ValidationError("这份征集令已经结束，或不收这类作品，请改选。")
        return self.calls.get(chosen)

    def clean_main_author(self) -> Cadre | None:
        words = typed_people([self.cleaned_data["main_author"]])
        if not words:
            return self.viewer
        offered = {value for value, _ in getattr(self.fields["main_author"].widget, "choices", ())}
        people = self.resolved(words[:1])
        if people[0].employee_number not in offered:
            raise forms.ValidationError("只能替本科室在职的同事上报，请重新选择。")
        return people[0]

    def resolved(self, words: list[str]) -> list[Cadre]:
        try:
            return people_of(words, near=self.viewer, day=self.today)
        except Unknown as error:
            raise forms.ValidationError(str(error)) from error

    def content(self) -> Content:
        """What is right of what was typed."""
        typed = self.cleaned_data
        version: dict[str, Any] = {
            COLUMNS.get(name, name): typed[name] for name in typed if COLUMNS.get(name, name) in TEXTS
        }
        # A form that was opened before it knew books says nothing of them.
        said = [name for name in LINKS if name in typed and (name != "book" or "book" in self.data)]
        version |= {name: typed[name] for name in said}
        work = {name: typed[name] for name in SHOWN if name in typed}
        if self.is_new and "for_quarter" in typed:
            # A quarter that lapsed may stay, but does not come back after it was asked about.
            lapsed = typed["for_quarter"] == str(self.quarters.lapsed)
            work["quarter"] = self.work.quarter if self.work is not None and lapsed else typed["for_quarter"]
        if "call" in typed and "call" in self.data:  # a form that was opened before there was any says nothing
            work["call"] = typed["call"]
        for name, column in (("department", "owner_department"), ("party_group", "owner_party_group")):
            if name in typed:
                work[column] = typed[name]
        members = typed.get("members")
        return Content(version, work, None if members is None else tuple(members), typed.get("main_author"))

    def file_fields(self) -> dict[str, str]:
        return {name: str(role) for name, role in FILES[self.kind].items()}

    def add_errors(self, errors: Mapping[str, str]) -> None:
        """What a service found wrong, at its field where the page shows it."""
        for name, told in errors.items():
            shown = name in self.fields and (name != "for_quarter" or self.offers_quarter)
            self.add_error(name if shown else None, told)

    def check_for_submit(self) -> None:
        """What a draft may leave open, but a work that is handed in may not."""
        isbn = self.cleaned_data.get("isbn")
        try:
            normalise(isbn or "")
        except BadIsbn as error:
            self.add_error("isbn", f"号码不对：{error}。")

    def ask_quarter(self) -> bool:
        """Whether the form names a quarter whose days are over: says so, and offers it no more."""
        lapsed, own = self.quarters.lapsed, self.quarters.own
        if lapsed is None or self.cleaned_data.get("for_quarter") != str(lapsed):
            return False
        self.fields["for_quarter"].widget.choices = self.quarters.open_choices
        told = f"{lapsed.heading}的补报已经截止，没有上报。再按一次“上报”，就计入 {own.heading}。"
        self.add_error("for_quarter", told)
        return True


def called(call: Call, today: date) -> str:
    """`“读党章”心得征集（3 月 31 日截止）`."""
    ended = call.state != CallState.OPEN or today > call.until
    return f"{call.title}（{'已经结束' if ended else f'{spoken(call.until)}截止'}）"
