"""A short text that changes whenever anything changes from which points follow."""

import hashlib
from typing import Any

from django.db.models import BigIntegerField, Count, DecimalField, Func, Max, QuerySet, Sum, Value

from activities.models import Activity, Attendance
from assessment.models import Quota, Rule, Scheme
from organization.models import Cadre, Department, Leave, PartyGroup, PartyMembership, Posting
from reading.models import Plan
from submissions.models import Contributor, Publication, Submission


class Stamp(Func):
    """The microseconds of a time stamp within its minute: any number of them sums within 64 bits."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(substr(%(expressions)s, 18, 2) || substr(%(expressions)s, 21, 6) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "date_part('microseconds', %(expressions)s)::bigint"
        return self.as_sql(compiler, connection, template=template, **context)


def sources() -> list[QuerySet[Any]]:
    """The rows that can count: drafts and works under review do not."""
    return [
        Department.objects.all(), Cadre.objects.all(), Posting.objects.all(), Leave.objects.all(),
        PartyGroup.objects.all(), PartyMembership.objects.all(),
        Submission.objects.counted(), Contributor.objects.counted(), Publication.objects.counted(),
        Activity.objects.held(), Attendance.objects.all(), Plan.objects.counted(),
        Scheme.objects.all(), Quota.objects.all(), Rule.objects.all(),
    ]  # fmt: skip


def fingerprint() -> str:
    """Counts, newest keys, newest stamps and the sum of all stamps of every table, digested; one query.

    A sum beside the newest, because stamps need not rise in the order in which transactions end.
    """
    tables = [summary(rows) for rows in sources()]
    found = {table: rest for table, *rest in tables[0].union(*tables[1:], all=True)}
    parts = []
    for rows in sources():
        table = rows.model._meta.label
        count, last, newest, stamps = found.get(table, (0, None, None, None))
        parts.append(f"{table}:{count}:{last}:{newest}:{stamps}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def summary(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """One row of the table's name, count, newest key, newest stamp and sum of stamps; none where the table is empty."""
    stamps = Sum(Stamp("changed_at"), output_field=DecimalField(max_digits=30, decimal_places=0))
    named = rows.order_by().annotate(table=Value(rows.model._meta.label)).values("table")
    return named.annotate(count=Count("pk"), last=Max("pk"), newest=Max("changed_at"), stamps=stamps).values_list(
        "table", "count", "last", "newest", "stamps"
    )
