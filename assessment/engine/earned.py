"""Sums over the entries of a ledger (section 7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assessment.engine.model import EXCELLENT, Entry


@dataclass(frozen=True)
class Earned:
    """What entries add up to, in cents: per person, per department that they credit, per rule and person; and the
    entries of excellent works."""

    people: dict[int, int] = field(default_factory=dict)
    departments: dict[int, int] = field(default_factory=dict)
    rules: dict[str, dict[int, int]] = field(default_factory=dict)
    excellent: list[Entry] = field(default_factory=list)

    def add(self, entries: Iterable[Entry]) -> None:
        people, departments, rules = self.people, self.departments, self.rules
        for entry in entries:
            person, department, _, _, _, _, grade, rule, cents, _ = entry
            people[person] = people.get(person, 0) + cents
            departments[department] = departments.get(department, 0) + cents
            if rule not in rules:
                rules[rule] = {}
            of_rule = rules[rule]
            of_rule[person] = of_rule.get(person, 0) + cents
            if grade == EXCELLENT:
                self.excellent.append(entry)

    def merge(self, other: "Earned") -> None:
        add_to(self.people, other.people)
        add_to(self.departments, other.departments)
        for rule, points in other.rules.items():
            add_to(self.rules.setdefault(rule, {}), points)
        self.excellent.extend(other.excellent)


def add_to(sums: dict[int, int], more: Mapping[int, int]) -> None:
    for key, cents in more.items():
        sums[key] = sums.get(key, 0) + cents


def total(parts: Iterable[Earned]) -> Earned:
    found = Earned()
    for part in parts:
        found.merge(part)
    return found
