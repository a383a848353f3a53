"""Everybody by 工号, with the days in service: what every entry of a work or an attendance asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

from organization.models import Cadre, Posting
from shuxiang.periods import Span


def number_key(employee_number: str) -> str:
    """工号 are compared without case."""
    return employee_number.upper()


@dataclass(frozen=True, slots=True)
class Member:
    id: int
    number: str
    name: str
    postings: tuple[tuple[date, date], ...]

    def in_service(self, day: date) -> bool:
        return any(since <= day <= until for since, until in self.postings)

    def listed(self, span: Span) -> bool:
        return any(since <= span.last and span.first <= until for since, until in self.postings)


@dataclass(frozen=True)
class Directory:
    members: dict[str, Member]

    @classmethod
    def load(cls) -> Self:
        """Two queries, however many people there are."""
        postings: dict[int, list[tuple[date, date]]] = {}
        for cadre_id, since, until in Posting.objects.values_list("cadre_id", "since", "until"):
            postings.setdefault(cadre_id, []).append((since, until or date.max))
        people = Cadre.objects.values_list("id", "employee_number", "name")
        return cls(
            {number_key(number): Member(id, number, name, tuple(postings.get(id, ()))) for id, number, name in people}
        )

    @cached_property
    def by_id(self) -> dict[int, Member]:
        return {member.id: member for member in self.members.values()}

    def names(self, ids: Iterable[int]) -> str:
        """`甲（A1）、乙（A2）`, for people."""
        members = (self.by_id[id] for id in ids)
        return "、".join(f"{member.name}（{member.number}）" for member in members)

    def find(self, employee_number: str) -> Member | None:
        return self.members.get(number_key(employee_number))
