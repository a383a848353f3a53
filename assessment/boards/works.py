"""优秀作品: the facts rated 优秀 behind a department's figure, each once with its people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from assessment.boards.ledger import Evidence, with_evidence
from assessment.boards.sheet import Sheet
from assessment.engine.model import EXCELLENT
from assessment.models import DepartmentResult, Entry


@dataclass(frozen=True, slots=True)
class ExcellentWork:
    """`entry` is one of its lines; `people` are (name, department's path), each once."""

    entry: Entry
    people: Sequence[tuple[str, str]]


def excellent_entries(sheet: Sheet, under: DepartmentResult) -> QuerySet[Entry]:
    entries = Entry.objects.normal().filter(period__in=sheet.quarter_codes, grade=EXCELLENT)
    return entries if under.is_root else entries.filter(department__in=sheet.subtree(under.department_id))


def excellent_facts(sheet: Sheet, under: DepartmentResult) -> QuerySet[Entry, tuple[str, str]]:
    """(kind, reference), newest first. Counted as the results count them: at least one line credits the subtree."""
    facts = excellent_entries(sheet, under).order_by().values("fact_kind", "reference").annotate(last=Max("date"))
    return facts.order_by("-last", "reference", "fact_kind").values_list("fact_kind", "reference")


def works_of(
    facts: Iterable[tuple[str, str]], sheet: Sheet, under: DepartmentResult, evidence: Evidence
) -> list[ExcellentWork]:
    """The facts with their people, in their order; one query."""
    found: dict[tuple[str, str], list[Entry]] = {fact: [] for fact in facts}
    entries = excellent_entries(sheet, under).filter(reference__in=[reference for _, reference in found])
    for entry in with_evidence(entries.order_by("position"), evidence):
        if (entry.fact_kind, entry.reference) in found:
            found[entry.fact_kind, entry.reference].append(entry)
    return [
        ExcellentWork(lines[0], list(dict.fromkeys((line.name, line.department_path) for line in lines)))
        for lines in found.values()
    ]
