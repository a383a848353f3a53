"""Series made, changed, paused and resumed by the office. Their activities are made by services.generating.

Raises NotAllowed, WrongSeries or Stale, whose str() are Chinese sentences.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Self

from django.db import transaction

from activities.kinds import DayType, LastWeek, Shift, SignUp
from activities.models import Series, SeriesEvent
from activities.recurrence import Rule
from activities.services.authority import check_edits_series, check_office
from organization.models import Cadre, Department, work_scope_of
from organization.services.lives import Stale
from shuxiang.periods import dated, shanghai_date
from shuxiang.typography import shorten

WHAT = "系列"
RUNNING, PAUSED = "running", "paused"
REASON = 300


class WrongSeries(ValueError):
    """What was entered cannot be so; `field` names the form's field, str() says in Chinese what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class SeriesFacts:
    """The columns of a series that the office decides; `activities.models.Series` explains them."""

    title: str
    category: str
    pattern: str
    since: date
    until: date | None = None
    last_week: str = LastWeek.LAST_SATURDAY
    nth: int = -1
    weekday: int = 3
    month: int = 1
    day: int = 1
    days: int = 1
    day_type: str = DayType.ANY
    shift: str = Shift.LATER
    starts_at: time | None = None
    ends_at: time | None = None
    venue: str = ""
    department: Department | None = None
    organiser: Cadre | None = None
    description: str = ""
    sign_up: str = SignUp.NONE
    capacity: int | None = None
    for_office: bool = True
    for_branch: bool = False
    for_union: bool = False

    @classmethod
    def of(cls, series: Series) -> Self:
        return cls(**{name: getattr(series, name) for name in cls.__dataclass_fields__})

    @property
    def rule(self) -> Rule:
        return Rule(**{name: getattr(self, name) for name in Rule.__dataclass_fields__})

    def columns(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@transaction.atomic
def make_series(*, facts: SeriesFacts, by: Cadre, now: datetime) -> Series:
    check_office(by)
    check_facts(facts, by)
    check_name(facts, now)
    series = Series.objects.create(**facts.columns())
    record(series, "", RUNNING, by, now, f"新建：{facts.rule.words}")
    return series


@transaction.atomic
def change_series(*, series: Series, version: int, facts: SeriesFacts, by: Cadre, now: datetime) -> bool:
    """Whether anything changed; `version` is that of the page that was filled in. Its activities follow when they are
    generated."""
    check_edits_series(by, series)
    check_facts(facts, by)
    before = SeriesFacts.of(series)
    if (facts.title, facts.department) != (before.title, before.department):
        check_name(facts, now, besides=series)
    changed = changed_words(before, facts)
    if version != series.version:
        raise Stale(WHAT)
    if not changed:
        return False
    move(series, version, facts.columns(), now)
    state = state_of(series)
    record(series, state, state, by, now, changed)
    return True


@transaction.atomic
def pause_series(*, series: Series, version: int, by: Cadre, now: datetime) -> None:
    """No more activities are made; those that there are stay until somebody cancels them (services.surplus)."""
    check_edits_series(by, series)
    set_paused(series, version, True, by, now)


@transaction.atomic
def resume_series(*, series: Series, version: int, by: Cadre, now: datetime) -> None:
    check_edits_series(by, series)
    set_paused(series, version, False, by, now)


def set_paused(series: Series, version: int, is_paused: bool, by: Cadre, now: datetime) -> None:
    if series.is_paused == is_paused:
        raise Stale(WHAT)
    before = state_of(series)
    move(series, version, {"is_paused": is_paused}, now)
    record(series, before, state_of(series), by, now, "暂停" if is_paused else "恢复")


def state_of(series: Series) -> str:
    return PAUSED if series.is_paused else RUNNING


def check_facts(facts: SeriesFacts, by: Cadre) -> None:
    scope = work_scope_of(by)
    if facts.department is None and not scope.everybody:
        raise WrongSeries("department", "请选择主办科室，留空的系列由根单位的办公室安排。")
    if facts.department is not None and not scope.everybody and facts.department.pk not in scope.departments:
        raise WrongSeries("department", "这个科室不归您这里管，请另选。")
    if facts.until is not None and facts.until < facts.since:
        raise WrongSeries("until", "结束日期不能早于开始日期，请改正其中之一。")
    if facts.ends_at is not None and (facts.starts_at is None or facts.ends_at <= facts.starts_at):
        raise WrongSeries("ends_at", "结束时间要晚于开始时间，请改正其中之一。")


def check_name(facts: SeriesFacts, now: datetime, besides: Series | None = None) -> None:
    """A host has one lasting series of a name, paused or not."""
    same = Series.objects.lasting(shanghai_date(now)).filter(title=facts.title, department=facts.department)
    if same.exclude(pk=besides.pk if besides else None).exists():
        raise WrongSeries("title", f"已有同一主办的系列“{facts.title}”，请另起名称，或者去修改、恢复原来的系列。")


def move(series: Series, version: int, columns: dict[str, object], now: datetime) -> None:
    same = Series.objects.filter(pk=series.pk, version=version)
    if same.update(**columns, version=version + 1, changed_at=now) != 1:
        raise Stale(WHAT)
    for name, value in columns.items():
        setattr(series, name, value)
    series.version, series.changed_at = version + 1, now


def record(series: Series, before: str, after: str, by: Cadre, now: datetime, reason: str) -> None:
    SeriesEvent.objects.create(
        series=series, from_state=before, to_state=after, actor=by, at=now, reason=shorten(reason, REASON // 2)[:REASON]
    )


def changed_words(before: SeriesFacts, after: SeriesFacts) -> str:
    """`日期：每月最后一个星期六 → …；地点：三楼 → 二楼`; empty where nothing changed. Texts are only named."""
    said = []
    if before.rule.words != after.rule.words:
        said.append(f"日期：{before.rule.words} → {after.rule.words}")
    for field in Series._meta.concrete_fields:
        name = field.name
        if name not in SeriesFacts.__dataclass_fields__ or getattr(before, name) == getattr(after, name):
            continue
        if name == "description":
            said.append("说明已改")
        elif name not in Rule.__dataclass_fields__:
            said.append(f"{field.verbose_name}：{shown(before, name)} → {shown(after, name)}")
    if not said and before != after:
        said.append("日期的备用设置已改")
    return "；".join(said)


def shown(facts: SeriesFacts, name: str) -> str:
    value = getattr(facts, name)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return dated(value)
    if name == "sign_up":
        return SignUp(value).label
    return str(value) if value not in (None, "") else "无"
