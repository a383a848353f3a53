"""书香展示: approved works whose authors agreed, for everybody signed in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.db.models import Case, CharField, Exists, F, Max, Min, OuterRef, Q, Subquery, When
from django.db.models.functions import Substr
from django.http import QueryDict

from organization.models import Posting, Tree
from submissions.kinds import Grade, Kind
from submissions.models import Attachment, Contributor, Submission, Version
from submissions.models.submission import SubmissionQuerySet
from submissions.services.search import found_by

SEARCH_LENGTH = 100
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
            address.get("q", "").replace("\0", "").strip()[:SEARCH_LENGTH],
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


@dataclass(frozen=True)
class Shown:
    work: Submission
    authors: str
    department: str
    excerpt: str


def of_departments(departments: Sequence[int]) -> Q:
    """Collective works of these, and works that name somebody who was posted there on the credit date."""
    posted = Posting.objects.filter(cadre=OuterRef("cadre"), department__in=departments)
    named = Contributor.objects.filter(submission=OuterRef("pk")).exclude(state=Contributor.State.DECLINED)
    there = named.filter(Exists(posted.covering(OuterRef("submission__credit_date"))))
    return Q(owner_department__in=departments) | Q(Exists(there))


def years_shown() -> list[int]:
    """The newest first."""
    bounds = Submission.objects.showcased().aggregate(first=Min("credit_date"), last=Max("credit_date"))
    first, last = bounds["first"], bounds["last"]
    return list(range(last.year, first.year - 1, -1)) if first and last else []


def with_excerpts(works: SubmissionQuerySet) -> SubmissionQuerySet:
    versions = Version.objects.handed_in().filter(submission=OuterRef("pk")).order_by("-number")
    text = Case(When(submission__kind=Kind.RECOMMENDATION, then=F("reason")), default=F("body"))
    begun = versions.annotate(begun=Substr(text, 1, EXCERPT, output_field=CharField())).values("begun")[:1]
    sounds = Attachment.objects.filter(version__submission=OuterRef("pk"), role=Attachment.Role.AUDIO)
    return works.annotate(excerpt=Subquery(begun), has_audio=Exists(sounds)).defer("search_text")


def rows_of(works: Sequence[Submission], tree: Tree) -> list[Shown]:
    """One query more, for the people and their departments on the day."""
    posted = Posting.objects.filter(cadre=OuterRef("cadre")).covering(OuterRef("submission__credit_date"))
    named = Contributor.objects.filter(submission__in=[work.pk for work in works])
    people: dict[int, list[tuple[str, int | None]]] = {}
    rows = named.exclude(state=Contributor.State.DECLINED).order_by("submission", "position")
    for work, name, department in rows.values_list(
        "submission", "cadre__name", Subquery(posted.values("department")[:1])
    ):
        people.setdefault(work, []).append((name, department))
    return [shown(work, people.get(work.pk, []), tree) for work in works]


def shown(work: Submission, people: Sequence[tuple[str, int | None]], tree: Tree) -> Shown:
    names = [name for name, _ in people]
    department = work.owner_department_id or next((place for _, place in people), None)
    authors = "、".join(names) if len(names) <= FEW_AUTHORS else f"{names[0]} 等 {len(names)}\u00a0人"
    excerpt = " ".join((getattr(work, "excerpt", "") or "").split())
    cut = excerpt[: EXCERPT - 10] + "…" if len(excerpt) > EXCERPT - 10 else excerpt
    return Shown(work, authors, tree.nodes[department].name if department in tree.nodes else "", cut)


def newest_first(works: SubmissionQuerySet) -> SubmissionQuerySet:
    return works.order_by(F("credit_date").desc(), F("pk").desc())
