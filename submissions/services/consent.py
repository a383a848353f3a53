"""Whether a work may be shown to colleagues and outside: its author's word, good until it is taken back."""

from datetime import datetime

from django.db import transaction

from organization.models import AccessAction, Cadre
from organization.services.audit import record_event
from organization.services.roles import NotAllowed
from submissions.models import Submission
from submissions.services.search import index_works


@transaction.atomic
def consent(
    *, submission: Submission, by: Cadre, show_in_showcase: bool, show_outside: bool, now: datetime
) -> Submission:
    """Raises NotAllowed. Writes two columns only, so that it meets no text that somebody edits."""
    if not Submission.objects.edited_by(by).filter(pk=submission.pk).exists():
        raise NotAllowed("只有作者本人和代为上报的人能改展示授权。")
    Submission.objects.filter(pk=submission.pk).update(
        show_in_showcase=show_in_showcase, show_outside=show_outside, changed_at=now
    )
    index_works(Submission.objects.showcased().filter(pk=submission.pk))
    words = f"书香展示：{'同意' if show_in_showcase else '不同意'}；对外推送：{'同意' if show_outside else '不同意'}"
    record_event(action=AccessAction.DECISION, actor=by, about=str(submission), detail=words)
    submission.refresh_from_db()
    return submission
