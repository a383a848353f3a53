"""What one work has earned: the ledger's lines that stand on it, rule by rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.db.models import Q

from assessment.kinds import FactKind
from assessment.models import Entry, Period
from assessment.services.personal import ZERO, LedgerLine, ledger_line
from organization.models import Cadre
from submissions.kinds import Kind, Level
from submissions.models import Submission


@dataclass(frozen=True)
class Earned:
    """One rule in one quarter; `lines` holds one per person."""

    period: Period
    rule: str
    lines: Sequence[LedgerLine]

    @property
    def points(self) -> Decimal:
        return sum((line.entry.points for line in self.lines), ZERO)

    @property
    def reason(self) -> str:
        """Why the points are what they are, where it is the same for everybody."""
        found = {line.explanation for line in self.lines}
        return found.pop() if len(found) == 1 else ""


def earned_by(work: Submission, viewer: Cadre) -> list[Earned]:
    """The lines that the viewer may see, adjustments apart; people in the order in which the work names them."""
    order = dict(work.contributors.values_list("cadre_id", "position"))
    publications = [f"{work.reference}/{level}" for level in Level.values]
    entries = (
        Entry.objects.visible_to(viewer)
        .filter(cadre__in=order)
        .filter(
            Q(fact_kind__in=Kind.values, reference=work.reference)
            | Q(fact_kind=FactKind.PUBLICATION, reference__in=publications)
        )
        .select_related("period")
        .order_by("period_id", "kind", "rule_code")
    )
    return [
        Earned(lines[0].entry.period, lines[0].rule or lines[0].entry.rule_code, lines)
        for _, group in groupby(entries, key=lambda entry: (entry.period_id, entry.kind, entry.rule_code))
        for lines in [[ledger_line(entry) for entry in sorted(group, key=lambda entry: order[entry.cadre_id])]]
    ]
