"""Ledger lines as the pages show them: explained, and with the work, the plan or the activity behind them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Length, Substr

from activities.models import Activity
from assessment.boards.sheet import Sheet
from assessment.kinds import FactKind
from assessment.models import Entry
from assessment.services.personal import LedgerLine, activity_behind, ledger_line, plan_behind
from reading.models import Plan
from submissions.kinds import Kind
from submissions.models import Submission

# A publication's reference is its work's, a slash and the level (assessment rules, section 3).
WORK_REFERENCE = Case(
    When(fact_kind__in=Kind.values, then=F("reference")),
    When(
        fact_kind=FactKind.PUBLICATION,
        then=Substr("reference", 1, Length("reference") - Length("grade") - 1, output_field=CharField()),
    ),
    default=Value(None),
    output_field=CharField(),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the reader may open of what earns points."""

    works: QuerySet[Submission]
    plans: QuerySet[Plan]
    activities: QuerySet[Activity]


def with_evidence(entries: QuerySet[Entry], evidence: Evidence) -> QuerySet[Entry]:
    """Adds `work`, `plan` and `activity`: the keys of what is behind the line, where the reader may open it."""
    found = evidence.works.filter(reference=OuterRef("work_reference")).order_by()
    named = entries.annotate(
        work_reference=WORK_REFERENCE,
        plan=plan_behind(evidence.plans),
        activity=activity_behind(evidence.activities),
    )
    return named.annotate(work=Subquery(found.values("pk")[:1]))


def ledger_lines(entries: QuerySet[Entry], sheet: Sheet, evidence: Evidence) -> list[LedgerLine]:
    """In the order of the query; one query."""
    return explained(with_evidence(entries, evidence), sheet)


def explained(entries: Iterable[Any], sheet: Sheet) -> list[LedgerLine]:
    """Each line by the scheme of its own quarter; the entries are rows `with_evidence`."""
    found = []
    for entry in entries:
        entry.period = sheet.quarters[entry.period_id]
        found.append(replace(ledger_line(entry), work=entry.work, plan=entry.plan, activity=entry.activity))
    return found
