"""Facility projects (升级改造) with what they cost; no accounting."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from django.db import transaction

from organization.models import AccessAction, Cadre
from organization.roles import LIBRARIANS, Role
from organization.services.audit import record_event
from reading.models import BudgetLine, Place, Project
from reading.services.authority import check_librarian


class StaleProject(Exception):
    """Somebody else changed the project meanwhile; str() is a Chinese sentence."""


@dataclass(frozen=True)
class ProjectFacts:
    title: str
    place: Place | None
    state: str
    since: date | None = None
    until: date | None = None
    description: str = ""

    @classmethod
    def of(cls, project: Project) -> Self:
        return cls(**{name: getattr(project, name) for name in cls.__dataclass_fields__})

    def columns(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class Money:
    """One budget line, in yuan."""

    item: str
    planned: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)
    voucher: str = ""


@dataclass(frozen=True)
class Sums:
    planned: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        """Negative where more was spent than planned."""
        return self.planned - self.spent


def sees_amounts(viewer: Cadre) -> bool:
    """Everybody may read what is built; what it costs is for those who answer for it."""
    return viewer.has_role(*LIBRARIANS, Role.LEADER)


def sums_of(lines: Sequence[BudgetLine]) -> Sums:
    nothing = Decimal("0.00")
    return Sums(sum((line.planned for line in lines), nothing), sum((line.spent for line in lines), nothing))


@transaction.atomic
def add_project(*, facts: ProjectFacts, lines: Sequence[Money] = (), by: Cadre) -> Project:
    """Raises NotAllowed."""
    check_librarian(by)
    project = Project.objects.create(**facts.columns())
    write_lines(project, lines)
    record_amounts(project, [], by)
    return project


@transaction.atomic
def change_project(
    *,
    project: Project,
    seen: datetime,
    facts: ProjectFacts,
    lines: Sequence[Money] | None = None,
    by: Cadre,
    now: datetime,
) -> None:
    """`seen` is the project's `changed_at` on the page that was filled in; without `lines` its budget stays.

    Raises NotAllowed, StaleProject."""
    check_librarian(by)
    if Project.objects.filter(pk=project.pk, changed_at=seen).update(**facts.columns(), changed_at=now) != 1:
        raise StaleProject("这个项目刚被别人修改过。下面是您填写的，请对照现在的内容改好再保存。")
    if lines is not None:
        before = amounts_of(project)
        project.budget_lines.all().delete()
        write_lines(project, lines)
        record_amounts(project, before, by)


def write_lines(project: Project, lines: Sequence[Money]) -> None:
    BudgetLine.objects.bulk_create(BudgetLine(project=project, **asdict(line)) for line in lines)


def amounts_of(project: Project) -> list[str]:
    """Each budget line in words, as the auditor reads it."""
    lines = BudgetLine.objects.filter(project=project).order_by("pk")
    return [f"{line.item} 预算 {line.planned} 支出 {line.spent} 凭证 {line.voucher or '无'}" for line in lines]


def record_amounts(project: Project, before: list[str], by: Cadre) -> None:
    """What became of the lines since `before`; nothing where none changed."""
    old, new = Counter(before), Counter(amounts_of(project))
    if old != new:
        taken, given = ("；".join(lines.elements()) or "无" for lines in (old - new, new - old))
        detail = f"金额变动：{taken} → {given}"
        record_event(action=AccessAction.READING, actor=by, about=f"项目 {project.pk} {project.title}", detail=detail)
