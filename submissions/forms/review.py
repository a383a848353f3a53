from typing import Any

from django import forms

from submissions.kinds import Grade
from submissions.models import Decision, ReasonTemplate
from submissions.states import NEEDS_REASON, Action

GRADED = (Action.APPROVE, Action.RATE)
# What one decision for many works may be: a decision is taken back one by one.
BULK_ACTIONS = (Action.APPROVE, Action.RETURN, Action.REJECT, Action.RATE)
UNGRADED = "暂不评级"


class ReviewForm(forms.Form):
    """A decision on one work or on many; `reason` is what the author reads."""

    action = forms.ChoiceField(
        label="结论",
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": "请选择结论。"},
    )
    grade = forms.ChoiceField(
        label="评级",
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        required=False,
        choices=[*Grade.choices, ("", UNGRADED)],
    )
    reason = forms.CharField(
        label="意见或理由",
        required=False,
        max_length=Decision._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
        help_text="作者会看到。退回、不通过和撤销决定时必填，请写明改什么、怎样改；最多 500 字。",
    )

    template = forms.ChoiceField(
        label="理由模板",
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text="理由留空时，用选中的模板。",
    )
    strength = forms.CharField(
        label="一个优点",
        required=False,
        max_length=Decision._meta.get_field("strength").max_length,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    suggestion = forms.CharField(
        label="一个建议",
        required=False,
        max_length=Decision._meta.get_field("suggestion").max_length,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text="优点和建议都可以不写，作者在作品页和通知里看到；各不超过 200 字。",
    )

    def __init__(self, *args: Any, actions: list[Action], templates: list[ReasonTemplate] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offered = [each for each in templates or [] if each.action in actions]
        self.templates = sorted(offered, key=lambda each: actions.index(Action(each.action)))
        choices = [(str(each.pk), each.name) for each in self.templates]
        self.fields["template"].choices = [("", "不用模板"), *choices]  # type: ignore[attr-defined]
        self.fields["action"].choices = [(action.value, action.label) for action in actions]  # type: ignore[attr-defined]

    def clean_action(self) -> Action:
        return Action(self.cleaned_data["action"])

    def clean_grade(self) -> Grade | None:
        grade = self.cleaned_data["grade"]
        return Grade(grade) if grade else None

    def clean(self) -> dict[str, Any]:
        """Leaves what the service takes: a template has become the reason where none was typed."""
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.pop("template", "")
        if chosen and cleaned.get("reason") == "":
            found = next(each for each in self.templates if str(each.pk) == chosen)
            if found.action == cleaned.get("action"):
                cleaned["reason"] = found.text
        action, grade = cleaned.get("action"), cleaned.get("grade")
        if action in NEEDS_REASON and "reason" in cleaned and not cleaned["reason"]:
            self.add_error("reason", f"{action.label}要写明理由，让作者知道怎么改。")
        if action == Action.RATE and "grade" in cleaned and grade is None:
            self.add_error("grade", "请选择评级：优秀、良好或合格。")
        if action is not None and action not in GRADED and grade is not None:
            self.add_error("grade", f"{action.label}时不评级，请改选“{UNGRADED}”。")
        return cleaned


def seen_revision(text: str) -> int:
    """The revision that a page was made of; -1, which no work has, where the address or form was tampered with."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def ticked_works(ticks: list[str]) -> dict[int, int]:
    """Ticked rows (`id:revision`) as revisions by id; what is not of this shape is left out."""
    found: dict[int, int] = {}
    for tick in ticks:
        key, _, revision = tick.partition(":")
        if key.isascii() and key.isdecimal() and len(key) < 18:
            found.setdefault(int(key), seen_revision(revision))
    return found
