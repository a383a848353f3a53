"""The builder's forms."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from activities.kinds import QuestionKind
from activities.models import Activity, Question, Questionnaire
from activities.services.audiences import AudienceKind
from organization.models import Cadre, Department, Tree, work_scope_of
from shuxiang.fields import CountField, DayField, LineField, NumberField, TextField, plain
from shuxiang.periods import shanghai_date, written

OPTION_LENGTH = 60
CHOICES = 12
CHOSEN = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.MATRIX)


class OptionsField(TextField):
    """One option per line; empty lines fall away."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, CHOICES * (OPTION_LENGTH + 1), rows=5, required=False, **kwargs)

    def prepare_value(self, value: Any) -> str:
        return super().prepare_value("\n".join(value) if isinstance(value, list) else value)

    def clean(self, value: Any) -> Any:
        options = [line for each in super().clean(value).split("\n") if (line := plain(each))]
        if len(options) > CHOICES:
            raise forms.ValidationError(f"最多 {CHOICES} 项，现在有 {len(options)} 项。")
        long = next((each for each in options if len(each) > OPTION_LENGTH), None)
        if long is not None:
            raise forms.ValidationError(f"每项最多 {OPTION_LENGTH} 字，“{long[:10]}…”有 {len(long)} 字，请缩短。")
        if len(set(options)) < len(options):
            raise forms.ValidationError("有两项写得一样，请改掉一项。")
        return options


class DepartmentChoice(forms.ChoiceField):
    """A department by its path; `None` where none is chosen."""

    def __init__(self, *, departments: list[int] | None, tree: Tree, label: str, empty: str, **kwargs: Any) -> None:
        nodes = [node for node in tree.ordered if departments is None or node.id in departments]
        choices = [("", empty), *((str(node.id), tree.paths[node.id]) for node in nodes)]
        wrong = {"invalid_choice": "没有这个科室，请重新选择。"}
        super().__init__(choices=choices, label=label, required=False, error_messages=wrong, **kwargs)

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return Department.objects.get(pk=chosen) if chosen else None


class SourceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"模板：{obj.title}" if obj.is_template else f"{written(shanghai_date(obj.created_at))} {obj.title}"


class NewQuestionnaireForm(forms.Form):
    title = LineField("名称", 100)
    source = SourceField(
        Questionnaire.objects.none(), label="照着哪一份新建", required=False, empty_label="空白问卷",
        error_messages={"invalid_choice": "没有这份模板或问卷，请重新选择。"},
    )  # fmt: skip
    is_template = forms.BooleanField(label="作为模板", required=False, help_text="模板不发放，只供以后新建时照用。")

    def __init__(
        self, *args: Any, sources: QuerySet[Questionnaire], viewer: Cadre, activity: Activity | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources.order_by("-is_template", "-id")  # type: ignore[attr-defined]
        if activity is not None:
            del self.fields["is_template"]
            return
        scope, tree = work_scope_of(viewer), Tree.load()
        root = tree.root.name if tree.root else ""
        self.fields["department"] = DepartmentChoice(
            departments=None if scope.everybody else list(scope.departments), tree=tree, label="主办科室",
            empty=f"{root}（全体）" if scope.everybody else "请选择",
            help_text="问卷最多发到主办科室和它的下级；审计局全局的问卷就选局本身。",
        )  # fmt: skip
        if scope.top:
            self.fields["department"].initial = str(scope.top)


class QuestionnaireForm(forms.Form):
    title = LineField("名称", 100)
    intro = TextField(
        "卷首语", 1000, rows=4, required=False, help_text="为什么问、大约要多久。不记名的说明系统会自动写上。"
    )
    baseline_year = NumberField("作为哪一年的基线", least=2000, most=2100, empty=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["baseline_year"].help_text = "每年的阅读现状调查填年份，结果可以与别的年份并排看；其他问卷留空。"

    def clean_baseline_year(self) -> int | None:
        return self.cleaned_data["baseline_year"] or None


class QuestionForm(forms.Form):
    kind = forms.ChoiceField(
        label="题型", choices=QuestionKind.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择题型。"),
    )  # fmt: skip
    text = LineField("题目", 200)
    is_required = forms.BooleanField(label="必答", required=False)
    options = OptionsField("选项", help_text="每行一项。单选、多选填选项，表格单选填各列；评分和填空留空。")
    lines = OptionsField("行", help_text="只有表格单选要填：每行一个要评价的项目。")
    most = CountField("最高分", most=10, least=2, initial=5, help_text="只用于评分：从 1 分到最高分。")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        if kind in CHOSEN and "options" in cleaned and len(cleaned["options"]) < 2:
            self.add_error("options", "至少写两项，每行一项。")
        if kind == QuestionKind.MATRIX and "lines" in cleaned and not cleaned["lines"]:
            self.add_error("lines", "表格单选至少要有一行。")
        if kind not in CHOSEN:
            cleaned["options"] = []
        if kind != QuestionKind.MATRIX:
            cleaned["lines"] = []
        return cleaned


def initial_of(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in ("kind", "text", "is_required", "options", "lines", "most")}


class OpenForm(forms.Form):
    audience = forms.ChoiceField(
        label="发给谁", choices=AudienceKind.choices, widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择发给谁。"),
    )  # fmt: skip
    until = DayField("截止日期", help_text="当天还能答，次日清晨自动结束。可以延期。")

    def __init__(self, *args: Any, questionnaire: Questionnaire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tree, top = Tree.load(), questionnaire.department_id
        self.fields["department"] = DepartmentChoice(
            departments=tree.subtree(top) if top else None, tree=tree, label="科室", empty="请选择",
            help_text="只在选“一个科室”时用。",
        )  # fmt: skip
        if questionnaire.activity_id is None:
            kinds = [each for each in AudienceKind.choices if each[0] != AudienceKind.ACTIVITY]
            self.fields["audience"].choices = kinds  # type: ignore[attr-defined]
        self.fields["audience"].initial = (
            AudienceKind.ACTIVITY if questionnaire.activity_id is not None else AudienceKind.EVERYBODY
        )
        self.order_fields(["audience", "department", "until"])


class StepForm(forms.Form):
    """Extend, close or cancel, from the version of the page."""

    action = forms.ChoiceField(
        choices=[("extend", "延期"), ("close", "结束"), ("cancel", "撤销")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "没有看懂要怎样办理，请重新选择。"),
    )
    until = DayField("新的截止日期", required=False)
    reason = LineField("撤销原因", 200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("action") == "extend" and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", "请填写新的截止日期。")
        if cleaned.get("action") == "cancel" and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "请写明撤销的原因。")
        return cleaned


def seen_version(data: Any, questionnaire: Questionnaire) -> int:
    """The version on the page from which a form comes; whatever is no number is none that there is."""
    typed = str(data.get("seen", ""))[:10]
    return int(typed) if typed.isascii() and typed.isdecimal() else 0


def default_until(today: date, days: int = 7) -> date:
    return date.fromordinal(today.toordinal() + days)
