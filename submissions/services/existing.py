"""Works that are stored already, to be compared with a register."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from submissions.kinds import Grade
from submissions.models import Contributor, Submission
from submissions.services.work import Work
from submissions.states import State

CHUNK = 500


@dataclass
class Existing:
    submission: Submission
    people: tuple[int, ...]

    def differences(self, work: Work) -> list[str]:
        return [name for name, before, after in self.compared(work) if before != after]

    def changes(self, work: Work, names: Callable[[Iterable[int]], str]) -> tuple[str, ...]:
        """The differences, from what to what; `names` tells people by their ids."""
        return tuple(
            f"{name} {told(before, names)} → {told(after, names)}"
            for name, before, after in self.compared(work)
            if before != after
        )

    def compared(self, work: Work) -> list[tuple[str, object, object]]:
        old = self.submission
        return [
            ("题目", old.title, work.title),
            ("作者", self.people, work.people),
            ("上报日期", old.credit_date, work.credit_date),
            ("考核期", old.quarter, str(work.quarter)),
            ("状态", State(old.state), work.state),
            ("评级", Grade(old.grade) if old.grade else "", work.grade),
        ]

    def names(self, people: Sequence[int], credit_date: date, quarter: str) -> bool:
        """Whether the stored work has these people, this date and this quarter."""
        old = self.submission
        return (self.people, old.credit_date, old.quarter) == (tuple(people), credit_date, quarter)


def told(value: object, names: Callable[[Iterable[int]], str]) -> str:
    if isinstance(value, tuple):
        return names(value)
    return str(value.label) if isinstance(value, State | Grade) else str(value or "无")


def load_existing(references: Sequence[str]) -> dict[str, Existing]:
    """Stored works by reference, locked until the transaction ends, so that no decision gets lost under an import."""
    found: dict[str, Existing] = {}
    for start in range(0, len(references), CHUNK):
        chunk = references[start : start + CHUNK]
        people: dict[int, list[int]] = {}
        named = Contributor.objects.filter(submission__reference__in=chunk).order_by("submission_id", "position")
        for submission_id, cadre_id in named.values_list("submission_id", "cadre_id"):
            people.setdefault(submission_id, []).append(cadre_id)
        for submission in Submission.objects.select_for_update().filter(reference__in=chunk):
            found[submission.reference] = Existing(submission, tuple(people.get(submission.pk, ())))
    return found
