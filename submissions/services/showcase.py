"""书香展示: approved works whose authors agreed, for everybody signed in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.http import QueryDict

from organization.models import Posting, Tree
from shuxiang.periods import written
from shuxiang.searches import searched
from submissions.kinds import Grade, Kind
from submissions.models import Contributor, Submission, Version
from submissions.models.submission import SubmissionQuerySet, cloth_of
from submissions.services.search import found_by

EXCERPT = 90
FEW_AUTHORS = 3


@dataclass(frozen=True)
class Filter:
    """What the showcase shows, as its address says; anything unknown there is left out."""

    kind: Kind | None = None
    year: int | None = None
    department: int | None = None
    excellent: bool = False
    text: str = ""

    @classmethod
    def read(cls, address: QueryDict, years: Sequence[int], tree: Tree) -> Self:
        kind, year, department = (address.get(name, "") for name in ("kind", "year", "department"))
        return cls(
            Kind(kind) if kind in Kind.values else None,
            next((each for each in years if str(each) == year), None),
            next((each for each in tree.nodes if str(each) == department), None),
            address.get("excellent") == "1",
            searched(address),
        )

    @property
    def is_empty(self) -> bool:
        return self == Filter()

    @property
    def address(self) -> str:
        parts = {
            "kind": self.kind or "",
            "year": self.year or "",
            "department": self.department or "",
            "excellent": "1" if self.excellent else "",
            "q": self.text,
        }
        return urlencode({name: part for name, part in parts.items() if part})

    def kinds(self) -> Iterator[tuple[str, str, bool]]:
        """The kinds to choose from, each with its address and whether it is chosen."""
        yield "全部", replace(self, kind=None).address, self.kind is None
        for kind in Kind:
            yield kind.label, replace(self, kind=kind).address, kind == self.kind

    def among(self, works: SubmissionQuerySet, tree: Tree) -> SubmissionQuerySet:
        if self.kind:
            works = works.filter(kind=self.kind)
        if self.year:
            works = works.filter(credit_date__year=self.year)
        if self.excellent:
            works = works.filter(grade=Grade.EXCELLENT)
        if self.department:
            works = works.filter(of_departments(tree.subtree(self.department)))
        return found_by(works, self.text) if self.text else works


class Shown(NamedTuple):
    """A row of the list, in the words that people read: a page has twenty, and a model object costs more than both."""

    id: int
    cloth: int
    title: str
    kind: str
    is_excellent: bool
    authors: str
    department: str
    excerpt: str
    day: str
    iso: str


def of_departments(departments: Sequence[int]) -> Q:
    """Collective works of these, and works that name somebody who was posted there on the credit date."""
    posted = Posting.objects.filter(cadre=OuterRef("cadre"), department__in=departments)
    named = Contributor.objects.filter(submission=OuterRef("pk"), state=Contributor.State.CONFIRMED)
    there = named.filter(Exists(posted.covering(OuterRef("submission__credit_date"))))
    return Q(owner_department__in=departments) | Q(Exists(there))


def years_shown(today: date) -> list[int]:
    """The newest first; by index, where an aggregate would read every work."""
    days = Submission.objects.showcased().order_by("credit_date").values_list("credit_date", flat=True)
    oldest = days.first()
    return list(range(today.year, oldest.year - 1, -1)) if oldest else []


def newest_first(works: SubmissionQuerySet) -> QuerySet[Submission, Any]:
    return works.order_by("-credit_date", "-id").values_list(
        "id", "title", "kind", "grade", "credit_date", "owner_department_id"
    )


def rows_of(found: Sequence[tuple[Any, ...]], tree: Tree) -> list[Shown]:
    """What `newest_first` gave, with people and beginnings: two queries more."""
    ids = [id for id, *_ in found]
    people, begun = people_of(ids), beginnings(ids)
    rows = []
    for id, title, kind, grade, day, owner in found:
        named = people.get(id, [])
        names = [name for name, _ in named]
        place = tree.nodes.get(owner or next((department for _, department in named), None) or 0)
        rows.append(
            Shown(
                id=id,
                cloth=cloth_of(id),
                title=title,
                kind=Kind(kind).label,
                is_excellent=grade == Grade.EXCELLENT,
                authors="、".join(names) if len(names) <= FEW_AUTHORS else f"{names[0]} 等 {len(names)}\u00a0人",
                department=place.name if place else "",
                excerpt=begun.get(id, ""),
                day=written(day),
                iso=day.isoformat(),
            )
        )
    return rows


def people_of(works: Sequence[int]) -> dict[int, list[tuple[str, int | None]]]:
    """By work the names, the main author's first, each with the department on the credit date."""
    posted = Posting.objects.filter(cadre=OuterRef("cadre")).covering(OuterRef("submission__credit_date"))
    named = Contributor.objects.filter(submission__in=works, state=Contributor.State.CONFIRMED)
    place = Subquery(posted.order_by().values("department")[:1])
    found: dict[int, list[tuple[str, int | None]]] = {}
    for work, name, department in named.order_by("position").values_list("submission", "cadre__name", place):
        found.setdefault(work, []).append((name, department))
    return found


def beginnings(works: Sequence[int]) -> dict[int, str]:
    """By work how its newest text begins."""
    begun = Version.objects.handed_in().filter(submission__in=works).order_by("number")
    rows = begun.values_list("submission", Substr("body", 1, EXCERPT), Substr("reason", 1, EXCERPT))
    return {work: shortened(body or reason) for work, body, reason in rows}


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line[: EXCERPT - 10] + "…" if len(line) > EXCERPT - 10 else line
