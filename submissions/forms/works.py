"""The five forms by which staff hand in works. Their field names are an interface."""

from collections.abc import Sequence
from typing import Any

from django import forms

from organization.models import Cadre, Department, PartyGroup
from submissions.forms.fields import BookField, IsbnField, LineField, PeopleWidget, TextField, words_for
from submissions.forms.work_form import SHOWN, WorkForm
from submissions.kinds import Kind
from submissions.models import Submission, Version
from submissions.services.contents import COLUMNS, TEXTS
from submissions.services.people import typed_people


class RecitationForm(WorkForm):
    kind = Kind.RECITATION
    steps = (
        ("选篇", ("title", "author", "source")),
        ("文本", ("script", "script_file")),
        ("录音", ("audio",)),
        ("诵读者", ("main_author", "members", "department", "party_group")),
        ("上报", ("call", "for_quarter", *SHOWN)),
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
        self.initial["members"] = words_for(self.initial.get("members", ()), near)
        self.fields["department"].queryset = Department.objects.filter(pk__in=departments)  # type: ignore[attr-defined]
        offered = PartyGroup.objects.filter(pk__in=groups)
        self.fields["party_group"].queryset = offered  # type: ignore[attr-defined]
        ordered = sorted(offered, key=lambda group: group.counted)
        self.fields["party_group"].choices = [("", "不以党小组名义"), *((group.pk, group.name) for group in ordered)]  # type: ignore[attr-defined]

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
        ("所读", ("book", "book_title")),
        ("心得", ("title", "body", "document")),
        ("上报", ("main_author", "call", "for_quarter", *SHOWN)),
    )

    book = BookField()
    book_title = LineField("书名", 200, help_text="读的是哪本书，可以不填。")
    title = LineField("题目", 200)
    body = TextField("正文", rows=18)
    document = forms.FileField(label="或上传 Word 文档", required=False)


class RecommendationForm(WorkForm):
    kind = Kind.RECOMMENDATION
    steps = (
        ("图书", ("book", "book_title", "author", "publisher", "isbn", "wants_purchase", "cover")),
        ("推荐", ("reason", "summary")),
        ("上报", ("main_author", "call", "for_quarter", *SHOWN)),
    )

    book = BookField()
    book_title = LineField("书名", 190)
    author = LineField("作者", 100)
    publisher = LineField("出版社", 100)
    isbn = IsbnField()
    wants_purchase = forms.BooleanField(
        label="建议单位采购这本书",
        required=False,
        help_text="馆里没有的书才用勾选；上报时替您提出荐购，采购与否由图书管理员答复，不影响计分。",
    )
    cover = forms.FileField(label="封面照片", required=False)
    reason = TextField("推荐理由", rows=8)
    summary = TextField("内容简介", rows=8)


class CreationForm(WorkForm):
    kind = Kind.CREATION
    steps = (
        ("作品", ("title", "body", "picture")),
        ("上报", ("main_author", "call", "for_quarter", *SHOWN)),
    )

    title = LineField("题目", 200)
    body = TextField("正文", help_text="诗、词、散文写在这里；书法、绘画、摄影请上传图片。")
    picture = forms.FileField(label="作品图片", required=False)


class IdeaForm(WorkForm):
    kind = Kind.IDEA
    steps = (
        ("建议", ("title", "body", "source_work")),
        ("上报", ("main_author", "call", "for_quarter", *SHOWN)),
    )

    title = LineField("题目", 200)
    body = TextField("建议内容", help_text="从读书中得来的想法：现在怎样，建议怎样做，做了有什么好处。")
    source_work = forms.ModelChoiceField(
        Submission.objects.none(),
        label="由哪件作品而来",
        required=False,
        empty_label="不指明",
        help_text="作者本人上报过的心得、诵读或荐书，可以不选。",
        error_messages={"invalid_choice": "只能选作者本人上报过的作品，请重新选择。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = Submission.objects.named(self.chosen_main)
        own = named.visible_to(self.viewer).handed_in().exclude(kind=Kind.IDEA)
        if self.work is not None:
            # What the author chose stays for who writes it and may not see all of the author's works.
            own = own | named.filter(pk__in=self.work.versions.values("source_work"))
        if "main_author" in self.fields:
            self.fields[
                "source_work"
            ].help_text += "替同事上报的，先填题目、选作者并存为草稿，这里再列出这位同事的作品。"
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
        "book": version.book_id,
        "wants_purchase": version.wants_purchase,
        "members": [each.cadre for each in people[1:]],
        "main_author": main.employee_number if main.pk != work.entered_by_id else "",
        "department": work.owner_department_id,
        "party_group": work.owner_party_group_id,
        "for_quarter": work.quarter,
        "call": str(work.call_id or ""),
        **{name: getattr(work, name) for name in SHOWN},
    }
