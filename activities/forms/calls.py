from datetime import date, timedelta
from typing import Any

from django import forms

from activities.forms.hosts import HostField, labels_field, labels_of
from activities.forms.themes import activity_label
from activities.kinds import Tag, WorkKind
from activities.models import Activity, Call, Theme
from activities.services.calling import CallContent
from activities.states import CallAction
from organization.models import Standpoint
from shuxiang.fields import DayField, LineField, TextField

YEARS = (2000, 2099)
RULES_LENGTH = 20_000
BEGUN, AHEAD = timedelta(days=60), timedelta(days=366)
# What an office writes into such a paper; to be written over.
OUTLINE = """一、征集内容：

二、作品要求：

三、报送方式：在本页点“应征”，填写后上报。

四、评选和使用：由办公室审阅评级；同意展示的作品在“作品”栏目展示。"""


class CallForm(forms.Form):
    title = LineField("名称", 100, help_text="例如：“读党章、忆初心”读书心得征集。")
    kinds = forms.MultipleChoiceField(
        label="征集的作品", choices=WorkKind.choices, widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请至少选一类作品。"),
    )  # fmt: skip
    rules = TextField("征集规则", RULES_LENGTH, rows=14, help_text="发布以后不能再改，请核对清楚。")
    since = DayField("开始日期", years=YEARS)
    until = DayField("截止日期", years=YEARS, help_text="当天还可以应征。发布以后只能延期。")
    theme = forms.ModelChoiceField(
        Theme.objects.none(), label="主题阅读", required=False, empty_label="不属于主题阅读",
        error_messages={"invalid_choice": "这次主题阅读已停用或看不到，请重新选择。"},
    )  # fmt: skip
    activity = forms.ModelChoiceField(
        Activity.objects.none(), label="结合的活动", required=False, empty_label="不结合活动",
        help_text="例如主题党日。", error_messages={"invalid_choice": "这次活动已取消或看不到，请重新选择。"},
    )  # fmt: skip
    labels = labels_field()

    def __init__(
        self, *args: Any, standpoint: Standpoint, today: date, call: Call | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"] = HostField(standpoint)
        scope = standpoint.neighbourhood
        themes = Theme.objects.in_use().in_neighbourhood(scope).filter(until__gte=today - BEGUN)
        near = Activity.objects.standing().in_neighbourhood(scope).touching(today - BEGUN, today + AHEAD)
        if call is not None:  # what it has stays on offer
            themes = themes | Theme.objects.filter(pk__in=filter(None, [call.theme_id]))
            near = near | Activity.objects.filter(pk__in=filter(None, [call.activity_id]))
        self.fields["theme"].queryset = themes  # type: ignore[attr-defined]
        self.fields["activity"].queryset = near.order_by("date", "pk")  # type: ignore[attr-defined]
        self.fields["activity"].label_from_instance = activity_label  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "截止日期不能早于开始日期，请改正其中之一。")
        return cleaned

    @property
    def content(self) -> CallContent:
        typed: dict[str, Any] = dict(self.cleaned_data)
        labels = typed.pop("labels")
        typed |= {name: name in labels for name in Tag.values}
        typed["kinds"] = tuple(kind for kind in WorkKind if kind in typed["kinds"])
        return CallContent(**typed)


def stored_call(call: Call) -> dict[str, Any]:
    names = ("title", "rules", "since", "until", "theme", "activity")
    return {
        **{name: getattr(call, name) for name in names},
        "kinds": call.kinds.split(","),
        "department": str(call.department_id or ""),
        "labels": labels_of(call),
    }


class StepForm(forms.Form):
    """A step with its reason, and where the last day moves, the new one."""

    until = DayField("新的截止日期", years=YEARS)
    reason = TextField("说明", 200, rows=3, required=False)

    def __init__(self, *args: Any, action: CallAction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if action not in (CallAction.EXTEND, CallAction.REOPEN):
            del self.fields["until"]
        if action == CallAction.OPEN:
            del self.fields["reason"]
