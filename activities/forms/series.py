import unicodedata
from datetime import time
from typing import Any

from django import forms

from activities.kinds import DayType, LastWeek, Pattern, Shift, SignUp
from activities.models import Series
from activities.models.series import NTH, WEEKDAYS
from activities.services.series import SeriesFacts
from organization.forms import staff_named
from organization.models import Cadre, Department, work_scope_of
from organization.models.tree import Tree
from organization.services.naming import labelled
from shuxiang.fields import CountField, DayField, LineField, NumberedChoice, TextField, plain

YEARS = (2000, 2199)
MONTHS = [(month, f"{month} 月") for month in range(1, 13)]
MONTHS_OF_QUARTER = [(1, "第一个月"), (2, "第二个月"), (3, "第三个月")]
UNKNOWN = dict.fromkeys(("invalid_choice", "required"), "请从列出的里面选一项。")
# Which fields say the day of each pattern; the others keep what they had.
USED: dict[str, tuple[str, ...]] = {
    Pattern.READING_DAY: ("last_week",),
    Pattern.MONTHLY: ("nth", "weekday"),
    Pattern.QUARTERLY: ("month_of_quarter", "nth", "weekday"),
    Pattern.YEARLY: ("month", "day", "days"),
    Pattern.READING_WEEK: (),
}


class HourField(forms.TimeField):
    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(
            label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            input_formats=["%H:%M", "%H:%M:%S", "%H.%M"],
            error_messages={"invalid": f"{label}请填成 14:30 这样的时间。"}, **kwargs,
        )  # fmt: skip

    def prepare_value(self, value: Any) -> Any:
        return plain(value)[:20] if isinstance(value, str) else value

    def to_python(self, value: Any) -> time | None:
        typed = unicodedata.normalize("NFKC", plain(value)[:40]) if isinstance(value, str) else value
        return super().to_python(typed)


class PickField(forms.TypedChoiceField):
    """One of few, offered as a list; an unknown one is told."""

    def __init__(self, label: str, choices: Any, coerce: Any = str, **kwargs: Any) -> None:
        super().__init__(label=label, choices=choices, coerce=coerce, error_messages=UNKNOWN, **kwargs)


class SeriesForm(forms.Form):
    """`version` is that of the series on the page that was opened."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    title = LineField("名称", 100, help_text="生成的活动叫“3 月职工读书日”“2026 年世界读书日”，年月自动加上。")
    category = LineField("类型", 50)
    pattern = PickField("周期", Pattern.choices)
    last_week = PickField(
        "最后一周指", LastWeek.choices, help_text="两种算法只在当月以星期六结束时不同：后一种要早一周。"
    )
    month_of_quarter = PickField("该季度的", MONTHS_OF_QUARTER, int)
    nth = PickField("第几个", NTH, int)
    weekday = PickField("星期几", WEEKDAYS, int)
    month = PickField("月份", MONTHS, int)
    day = CountField("日", 31, help_text="当月没有这一天时，算当月最后一天。")
    days = CountField("持续天数", 92)
    day_type = PickField("只排在", DayType.choices, help_text="休息日和工作日按节假日表（含调休）判断。")
    shift = PickField("遇到不合适的日子", Shift.choices, help_text="移到最近的合适的一天，不出当月、当季或当年。")
    since = DayField("开始日期", years=YEARS)
    until = DayField("结束日期", years=YEARS, required=False, help_text="留空表示一直举办。")
    starts_at = HourField("开始时间")
    ends_at = HourField("结束时间")
    venue = LineField("地点", 100, required=False)
    department = NumberedChoice(label="主办科室", required=False, error_messages=UNKNOWN)
    organiser = LineField("组织人", 60, required=False, help_text="填工号或姓名。登记报名、签到、纪要和照片的人。")
    description = TextField("说明", 5000, required=False)
    sign_up = PickField("报名", SignUp.choices)
    capacity = CountField("名额", 100_000, required=False, help_text="留空表示不限。")
    for_office = forms.BooleanField(label="机关", required=False)
    for_branch = forms.BooleanField(label="支部", required=False)
    for_union = forms.BooleanField(label="工会", required=False)

    def __init__(self, *args: Any, viewer: Cadre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].widget.attrs["list"] = "categories"
        scope, tree = work_scope_of(viewer), Tree.load()
        below = [node.id for node in tree.ordered if node != tree.root]
        own = [pk for pk in below if scope.everybody or pk in scope.departments]
        root = tree.root.name if tree.root else ""
        whole = [("", f"{root}（全体）" if scope.everybody else "请选择")]
        choices = [*whole, *((pk, tree.paths[pk]) for pk in own)]
        self.fields["department"].choices = choices  # type: ignore[attr-defined]

    def clean_organiser(self) -> Cadre | None:
        return staff_named(self.cleaned_data["organiser"])

    def clean(self) -> dict[str, Any]:
        """What does not belong to the pattern is not judged: it cannot be seen where it is hidden."""
        cleaned = super().clean() or self.cleaned_data
        used = USED.get(cleaned.get("pattern", ""), ())
        for name in {each for names in USED.values() for each in names}.difference(used):
            if name in self.errors:
                del self.errors[name]
                cleaned[name] = self.fields[name].clean(DEFAULTS[name])
        return cleaned

    def facts(self) -> SeriesFacts:
        cleaned = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        month_of_quarter, department = cleaned.pop("month_of_quarter"), cleaned.pop("department")
        if cleaned["pattern"] == Pattern.QUARTERLY:
            cleaned["month"] = month_of_quarter
        found = Department.objects.filter(pk=department).first() if department else None
        return SeriesFacts(**cleaned, department=found)


DEFAULTS: dict[str, Any] = {
    "last_week": LastWeek.LAST_SATURDAY,
    "month_of_quarter": 2,
    "nth": -1,
    "weekday": 3,
    "month": 4,
    "day": 23,
    "days": 1,
}


def empty_series() -> dict[str, Any]:
    """What a new form offers."""
    rest = {"day_type": DayType.ANY, "shift": Shift.LATER, "sign_up": SignUp.NONE, "pattern": Pattern.MONTHLY}
    return {**DEFAULTS, **rest, "for_office": True}


def stored_series(series: Series) -> dict[str, Any]:
    facts = SeriesFacts.of(series).columns()
    is_quarterly = series.pattern == Pattern.QUARTERLY
    months = {"month_of_quarter": series.month, "month": DEFAULTS["month"]} if is_quarterly else {}
    return {
        "month_of_quarter": DEFAULTS["month_of_quarter"],
        **facts,
        **months,
        "department": series.department_id or "",
        "organiser": labelled(series.organiser) if series.organiser else "",
        "version": series.version,
    }
