"""What the database holds of the people on a roster."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from organization.directory import number_key
from organization.models import Cadre, Leave, PartyGroup, PartyMembership, Posting, Tree
from organization.services.roster import Dated, Path, Row


@dataclass
class Known:
    """What the database holds, read in a constant number of queries."""

    tree: Tree = field(default_factory=Tree.load)
    cadres: dict[str, Cadre] = field(default_factory=dict)
    roles: dict[int, set[str]] = field(default_factory=dict)
    postings: dict[int, set[Dated]] = field(default_factory=dict)
    memberships: dict[int, set[Dated]] = field(default_factory=dict)
    leaves: dict[int, set[tuple[str, date, date | None]]] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        paths = {id: path_of(self.tree, id) for id in self.tree.nodes}
        self.cadres = {number_key(cadre.employee_number): cadre for cadre in Cadre.objects.all()}
        for id, name in Cadre.groups.through.objects.values_list("cadre_id", "group__name"):
            self.roles.setdefault(id, set()).add(name)
        for id, since, until, place in Posting.objects.values_list("cadre_id", "since", "until", "department_id"):
            self.postings.setdefault(id, set()).add((since, until, paths[place]))
        for id, since, until, name in PartyMembership.objects.values_list(
            "cadre_id", "since", "until", "party_group__name"
        ):
            self.memberships.setdefault(id, set()).add((since, until, name))
        for id, category, since, until in Leave.objects.values_list("cadre_id", "category", "since", "until"):
            self.leaves.setdefault(id, set()).add((category, since, until))
        self.groups = dict(PartyGroup.objects.values_list("name", "id"))


def path_of(tree: Tree, department: int) -> Path:
    """The names below the root: () for the root itself."""
    return tuple(node.name for node in reversed(list(tree.ancestors(department))))[1:]


def stays(postings: Iterable[Dated], today: date) -> bool:
    return any(until is None or until >= today for _, until, _ in postings)


def active_after(row: Row, cadre: Cadre, known: Known, today: date) -> bool:
    """Leavers' accounts are disabled, not deleted; one disabled by hand stays so, a returner's opens again."""
    by_hand = not cadre.is_active and stays(known.postings.get(cadre.pk, ()), today)
    return stays(row.postings, today) and not by_hand
