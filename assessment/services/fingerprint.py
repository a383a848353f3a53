"""A short text that changes whenever anything changes from which points follow."""

import hashlib

from django.db.models import Count, Max

from activities.models import Activity, Attendance
from assessment.models import Quota, Rule, Scheme
from organization.models import Cadre, Department, Leave, PartyGroup, PartyMembership, Posting
from submissions.models import Contributor, Publication, Submission

SOURCES = (
    Department, Cadre, Posting, PartyGroup, PartyMembership, Leave,
    Submission, Contributor, Publication, Activity, Attendance,
    Scheme, Quota, Rule,
)  # fmt: skip


def fingerprint() -> str:
    """Counts and newest changes of all sources, digested; one query per table."""
    parts = []
    for model in SOURCES:
        found = model._default_manager.aggregate(count=Count("pk"), newest=Max("changed_at"), last=Max("pk"))
        newest = found["newest"].isoformat() if found["newest"] else ""
        parts.append(f"{model._meta.label}:{found['count']}:{found['last']}:{newest}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
