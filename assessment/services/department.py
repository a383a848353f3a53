"""A department's shelf, as its liaison sees it: who owes what, why and by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assessment.services.owed import Grounds, duties_of, known_terms, presences_of
from assessment.services.personal import standings_of
from assessment.services.shelf import Gap, Shelf, gaps_of_last_year, shelf_of, takes_last_year
from organization.models import Cadre, Posting
from organization.models.tree import Node
from submissions.kinds import Kind
from submissions.models import Contributor
from submissions.services.own import handed_in_by
from submissions.states import State


@dataclass(frozen=True)
class Member:
    """A colleague in service; `asked` are works on which the name waits for a yes or no."""

    cadre: Cadre
    department: str
    shelf: Shelf
    gaps: Sequence[Gap]
    asked: Sequence[Contributor]

    @property
    def due(self) -> int:
        return sum(tally.duty.due for tally in self.shelf.tallies)

    @property
    def handed(self) -> int:
        return sum(tally.handed for tally in self.shelf.tallies)

    @property
    def returned(self) -> int:
        return sum(tally.returned for tally in self.shelf.tallies)


@dataclass(frozen=True)
class Sums:
    people: int
    due: int
    handed: int
    open: int
    works: Sequence[tuple[str, int]]

    @property
    def missing(self) -> int:
        return self.due - self.handed


def members_of(departments: Sequence[Node], today: date) -> list[Member]:
    """Everybody posted there today, those who owe first; the number of queries does not grow with the people."""
    names = {node.id: node.name for node in departments}
    posted = Posting.objects.filter(department__in=names).covering(today).select_related("cadre")
    places = {posting.cadre_id: names[posting.department_id] for posting in posted}
    people = sorted((posting.cadre for posting in posted), key=lambda cadre: cadre.employee_number)
    late = takes_last_year(today)
    standings = standings_of(people, today.year, *([today.year - 1] if late else []))
    terms, presences, works = known_terms(), presences_of(people), handed_in_by(people)
    members = []
    for cadre in people:
        grounds = Grounds(cadre, terms, presences[cadre.pk])
        own, books = standings.get(cadre.pk, {}), works.get(cadre.pk, [])
        bounds = duties_of(grounds, today.year, today, own)
        shelf = shelf_of(year=today.year, bounds=bounds, books=books, today=today)
        before = gaps_of_last_year(grounds, own, books, today) if late else []
        asked = [book for book in books if waits_for_an_answer(book)]
        members.append(Member(cadre, places[cadre.pk], shelf, [*before, *shelf.gaps], asked))
    return sorted(members, key=lambda member: (not member.gaps, member.gaps[0].day if member.gaps else today))


def waits_for_an_answer(book: Contributor) -> bool:
    return book.state == Contributor.State.NAMED and book.submission.state in (State.PENDING, State.APPROVED)


def sums_of(members: Sequence[Member], year: int) -> Sums:
    """`works` are those handed in for the year by kind, each once however many colleagues it names."""
    kinds = {spine.work.pk: spine.work.kind for member in members for bay in member.shelf.bays for spine in bay.spines}
    counted = [(kind.label, sum(each == kind for each in kinds.values())) for kind in Kind]
    return Sums(
        people=len(members),
        due=sum(member.due for member in members),
        handed=sum(member.handed for member in members),
        open=sum(bool(member.gaps) for member in members),
        works=[(label, count) for label, count in counted if count],
    )


def gap_named(member: Member, name: str) -> Gap | None:
    return next((gap for gap in member.gaps if gap.name == name), None)
