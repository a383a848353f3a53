"""The five forms by which staff hand in works. Their field names are an interface."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from organization.models import Cadre, Department, PartyGroup
from submissions.forms.fields import IsbnField, LineField, PeopleWidget, TextField, is_isbn
from submissions.forms.quarters import Quarters
from submissions.kinds import Kind
from submissions.models import Submission, Version
from submissions.services.contents import COLUMNS, FILES, TEXTS, Content
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

    def dress_quarter(self) -> None:
        """Offered for the first time only: in the grace days, and where the draft names a quarter that lapsed."""
        self.quarters = Quarters.on(self.today, self.work.quarter if self.work is not None and self.is_new else "")
        choices = self.quarters.choices
        self.offers_quarter = self.is_new and len(choices) > 1
        if self.offers_quarter:
            self.fields["for_quarter"].widget = forms.Select(choices=choices)
            self.fields["for_quarter"].help_text = "补报的作品计入上一季度，基础分按方案折算。"

    @property
    def is_new(self) -> bool:
        """Whether the work was never handed in."""
        return self.work is None or self.work.credit_date is None

    @property
    def main(self) -> Cadre:
        """Whose work it is, as far as it is known."""
        if self.work is not None:
            return self.work.contributors.select_related("cadre").get(position=0).cadre
        return self.viewer

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
        version = {COLUMNS.get(name, name): typed[name] for name in typed if COLUMNS.get(name, name) in TEXTS}
        if "source_work" in typed:
            version["source_work"] = typed["source_work"]
        work = {name: typed[name] for name in SHOWN if name in typed}
        if self.is_new and "for_quarter" in typed:
            work["quarter"] = typed["for_quarter"]
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
        if isbn and not is_isbn(isbn):
            self.add_error("isbn", "号码不对，请按封底条码核对 13 位（旧书 10 位）数字，或留空。")

    def ask_quarter(self) -> bool:
        """Whether the form names a quarter whose days are over: says so, and offers it no more."""
        lapsed, own = self.quarters.lapsed, self.quarters.own
        if lapsed is None or self.cleaned_data.get("for_quarter") != str(lapsed):
            return False
        self.fields["for_quarter"].widget.choices = self.quarters.open_choices
        told = f"{lapsed.heading}的补报已经截止，没有上报。再按一次“上报”，就计入 {own.heading}。"
        self.add_error("for_quarter", told)
        return True


class RecitationForm(WorkForm):
    kind = Kind.RECITATION
    steps = (
        ("选篇", ("title", "author", "source")),
        ("文本", ("script", "script_file")),
        ("录音", ("audio",)),
        ("诵读者", ("main_author", "members", "department", "party_group")),
        ("上报", ("for_quarter", *SHOWN)),
    )

    title = LineField("篇名", 200)
    author = LineField("原作者", 100, help_text="文本的作者，例如“宋 欧阳修”。")
    source = LineField("出处", 200, help_text="例如《古文观止》卷十。")
    script = TextField("诵读全文")
    script_file = forms.FileField(label="或上传文本文件", required=False)
    audio = forms.FileField(label="上传录音文件", required=False)
    members = forms.Field(label="和谁一起诵读", required=False)
    department = forms.ModelChoiceField(
        Department.objects.none(), label="以科室名义", required=False, empty_label="不以科室名义"
    )
    party_group = forms.ModelChoiceField(
        PartyGroup.objects.none(), label="以党小组名义", required=False, empty_label="不以党小组名义"
    )

    def __init__(
        self,
        *args: Any,
        near: Sequence[tuple[str, str]] = (),
        departments: Sequence[int] = (),
        groups: Sequence[int] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].widget = PeopleWidget(near)
        self.fields["department"].queryset = Department.objects.filter(pk__in=departments)  # type: ignore[attr-defined]
        self.fields["party_group"].queryset = PartyGroup.objects.filter(pk__in=groups)  # type: ignore[attr-defined]

    def clean_members(self) -> list[Cadre]:
        people = self.resolved(typed_people(self.cleaned_data["members"] or []))
        main = self.cleaned_data.get("main_author") or self.main
        return [each for each in people if each.pk != main.pk]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("department") and cleaned.get("party_group"):
            cleaned.pop("party_group")
            self.add_error("party_group", "集体作品只能归一个科室或一个党小组，请只选一个。")
        return cleaned


class EssayForm(WorkForm):
    kind = Kind.ESSAY
    steps = (
        ("所读", ("book_title",)),
        ("心得", ("title", "body", "document")),
        ("上报", ("main_author", "for_quarter", *SHOWN)),
    )

    book_title = LineField("书名", 200, help_text="读的是哪本书，可以不填。")
    title = LineField("题目", 200)
    body = TextField("正文", rows=18)
    document = forms.FileField(label="或上传 Word 文档", required=False)


class RecommendationForm(WorkForm):
    kind = Kind.RECOMMENDATION
    steps = (
        ("图书", ("book_title", "author", "publisher", "isbn", "cover")),
        ("推荐", ("reason", "summary")),
        ("上报", ("main_author", "for_quarter", *SHOWN)),
    )

    book_title = LineField("书名", 190)
    author = LineField("作者", 100)
    publisher = LineField("出版社", 100)
    isbn = IsbnField()
    cover = forms.FileField(label="封面照片", required=False)
    reason = TextField("推荐理由", rows=8)
    summary = TextField("内容简介", rows=8)


class CreationForm(WorkForm):
    kind = Kind.CREATION
    steps = (
        ("作品", ("title", "body", "picture")),
        ("上报", ("main_author", "for_quarter", *SHOWN)),
    )

    title = LineField("题目", 200)
    body = TextField("正文", help_text="诗、词、散文写在这里；书法、绘画、摄影请上传图片。")
    picture = forms.FileField(label="作品图片", required=False)


class IdeaForm(WorkForm):
    kind = Kind.IDEA
    steps = (
        ("建议", ("title", "body", "source_work")),
        ("上报", ("main_author", "for_quarter", *SHOWN)),
    )

    title = LineField("题目", 200)
    body = TextField("建议内容", help_text="从读书中得来的想法：现在怎样，建议怎样做，做了有什么好处。")
    source_work = forms.ModelChoiceField(
        Submission.objects.none(),
        label="由哪件作品而来",
        required=False,
        empty_label="不指明",
        help_text="您上报过的心得、诵读或荐书，可以不选。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Submission.objects.filter(contributors__cadre=self.viewer).handed_in().exclude(kind=Kind.IDEA)
        if self.work is not None:
            own = own.exclude(pk=self.work.pk)
            stored = Submission.objects.filter(pk__in=self.work.versions.values("source_work"))
            own = own | stored
        self.fields["source_work"].queryset = Submission.objects.filter(pk__in=own.values("pk"))  # type: ignore[attr-defined]


FORMS: dict[Kind, type[WorkForm]] = {
    form.kind: form for form in (RecitationForm, EssayForm, RecommendationForm, CreationForm, IdeaForm)
}


def stored_values(work: Submission, version: Version, kind: Kind) -> dict[str, Any]:
    """What the form of a stored draft shows."""
    shown = {column: name for name, column in COLUMNS.items()} if kind == Kind.RECITATION else {}
    found = {shown.get(name, name): getattr(version, name) for name in TEXTS}
    people = list(work.contributors.select_related("cadre"))
    main = people[0].cadre
    return {
        **found,
        "source_work": version.source_work_id,
        "members": [each.cadre.employee_number for each in people[1:]],
        "main_author": main.employee_number if main.pk != work.entered_by_id else "",
        "department": work.owner_department_id,
        "party_group": work.owner_party_group_id,
        "for_quarter": work.quarter,
        **{name: getattr(work, name) for name in SHOWN},
    }


def read_token(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
