"""What a series gives to an activity, and what of it an activity still follows.

`Activity.generated` holds what the series gave last, field by field as JSON, beside `note`: why the day is not where
the pattern puts it. A field that stands as it was given follows the series; one that somebody changed stays.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from activities.kinds import SignUp
from activities.models import Activity, Series
from activities.recurrence import Occurrence, Rule
from shuxiang.periods import spoken

NOTE = "note"
LABELS = ("for_office", "for_branch", "for_union")
COPIED = ("category", "starts_at", "ends_at", "venue", "department_id", "organiser_id", "description", "sign_up",
          "capacity", *LABELS)  # fmt: skip
# Fields that follow together: a day moved by hand keeps its end, an hour too.
TOGETHER = (("date", "until"), ("starts_at", "ends_at"))
# What calendars show, and what people who signed up must be told of.
IN_CALENDARS = frozenset({"title", "date", "until", "starts_at", "ends_at", "venue"})
TOLD = frozenset({"date", "until", "starts_at", "ends_at", "venue"})
NAMES = {
    "title": "名称",
    "category": "类型",
    "date": "日期",
    "until": "结束日期",
    "starts_at": "开始时间",
    "ends_at": "结束时间",
    "venue": "地点",
    "department_id": "主办科室",
    "organiser_id": "组织人",
    "description": "说明",
    "sign_up": "报名",
    "capacity": "名额",
    "for_office": "机关标签",
    "for_branch": "支部标签",
    "for_union": "工会标签",
}
# Changed by hand, what follows together is one word.
SHORT_NAMES = NAMES | {"until": "日期", "ends_at": "时间", "starts_at": "时间"} | dict.fromkeys(LABELS, "标签")
# Told of as changed, without the values.
ONLY_NAMED = frozenset({"description", "department_id", "organiser_id", "sign_up", *LABELS})


def rule_of(series: Series) -> Rule:
    return Rule(**{name: getattr(series, name) for name in Rule.__dataclass_fields__})


def values_of(series: Series, occurrence: Occurrence) -> dict[str, Any]:
    """The columns of the activity that a series has for an occurrence."""
    several = occurrence.last > occurrence.first
    return {
        "title": occurrence.title(series.title),
        "date": occurrence.first,
        "until": occurrence.last if several else None,
        **{name: getattr(series, name) for name in COPIED},
    }


def snapshot(values: Mapping[str, Any], occurrence: Occurrence) -> dict[str, Any]:
    return {name.removesuffix("_id"): as_json(value) for name, value in values.items()} | {NOTE: occurrence.note}


def as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value


def edited_fields(activity: Activity) -> set[str]:
    """The columns that somebody changed since the series gave them, with those that follow together."""
    given = activity.generated
    known = [name for name in NAMES if name.removesuffix("_id") in given]
    edited = {name for name in known if as_json(getattr(activity, name)) != given[name.removesuffix("_id")]}
    return edited.union(*(pair for pair in TOGETHER if edited.intersection(pair)))


def edited_words(activity: Activity) -> str:
    """`日期、地点`, empty where nothing was changed by hand."""
    edited = edited_fields(activity)
    return "、".join(dict.fromkeys(SHORT_NAMES[name] for name in NAMES if name in edited))


def note_of(activity: Activity) -> str:
    """`原为 9 月 26 日（当天调休上班），顺延到 9 月 27 日`, as long as the day is the one that the series gave."""
    stands = activity.generated.get("date") == activity.date.isoformat()
    return activity.generated.get(NOTE, "") if stands else ""


@dataclass(frozen=True)
class Following:
    """What a future activity takes over from its series: new values of its columns, and its new `generated`."""

    columns: dict[str, Any]
    generated: dict[str, Any]


def following(activity: Activity, values: Mapping[str, Any], occurrence: Occurrence, today: date) -> Following:
    held_back = impossible(activity, values, today)
    given = snapshot(values, occurrence)
    for name in held_back:  # not given: once it is possible, it follows
        given[name.removesuffix("_id")] = activity.generated.get(name.removesuffix("_id"))
    unknown = {name for name in values if name.removesuffix("_id") not in activity.generated}
    stays = held_back | unknown | edited_fields(activity)
    new = {name: value for name, value in values.items() if name not in stays and getattr(activity, name) != value}
    return Following(new, given)


def impossible(activity: Activity, values: Mapping[str, Any], today: date) -> set[str]:
    """What cannot follow: no day back into the past, no fewer seats than are taken, no end of signing up for those
    who have signed up."""
    found: set[str] = set()
    if values["date"] < today:
        found |= {"date", "until"}
    if values["capacity"] is not None and values["capacity"] < activity.seats_taken:
        found.add("capacity")
    if activity.seats_taken and values["sign_up"] == SignUp.NONE:
        found |= {"sign_up", "capacity"}
    return found


def change_words(activity: Activity, changed: Mapping[str, Any], only: Container[str] = NAMES) -> str:
    """`日期：9 月 26 日 → 9 月 27 日；地点：三楼会议室 → 二楼`; texts and people are only named."""
    parts = []
    for name in NAMES:
        if name in changed and name in only:
            before, after = shown(getattr(activity, name)), shown(changed[name])
            parts.append(f"{NAMES[name]}已改" if name in ONLY_NAMED else f"{NAMES[name]}：{before} → {after}")
    return "；".join(parts)


def shown(value: Any) -> str:
    if isinstance(value, date):
        return spoken(value)
    return f"{value:%H:%M}" if isinstance(value, time) else str(value if value not in (None, "") else "无")
