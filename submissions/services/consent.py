"""Whether a work may be shown to colleagues and outside: its author's word, good until it is taken back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from organization.models import Cadre
from organization.services.roles import NotAllowed
from submissions.models import Submission
from submissions.services.contributors import remember
from submissions.services.review import StaleSubmission
from submissions.services.search import index_works
from submissions.states import EDITABLE, Action, State, next_state

CONSENTS = {"show_in_showcase": "在书香展示", "show_outside": "对外推送"}


class Overtaken(ValueError):
    """Something else was said since the page was opened; str() tells both and what to do."""


@transaction.atomic
def consent(
    *,
    submission: Submission,
    by: Cadre,
    show_in_showcase: bool,
    show_outside: bool,
    seen: Mapping[str, bool] | None = None,
) -> Submission:
    """Raises NotAllowed, IllegalTransition, StaleSubmission, or Overtaken where it is no longer as it was `seen`.

    What was said already leaves nothing new.

    Writes two columns only, so that it meets no text that somebody edits; no figure follows from them, so the time
    stamp by which the assessment knows of changes stays.
    """
    if not Submission.objects.edited_by(by).filter(pk=submission.pk).exists():
        raise NotAllowed("只有作者本人和代为上报的人能改展示授权。")
    next_state(State(submission.state), Action.CONSENT)
    said = {"show_in_showcase": show_in_showcase, "show_outside": show_outside}
    words = change_of(submission, said)
    if words and seen is not None:
        check_seen(submission, seen, said)
    # A form that is open holds what was said before, and must not say it again unseen.
    opened = {"revision": F("revision") + 1} if words and submission.state in EDITABLE else {}
    if Submission.objects.filter(pk=submission.pk, state=submission.state).update(**said, **opened) != 1:
        raise StaleSubmission
    if words:
        remember(submission, Action.CONSENT, by, words)
    index_works(Submission.objects.showcased().filter(pk=submission.pk))
    submission.refresh_from_db()
    return submission


def check_seen(submission: Submission, seen: Mapping[str, bool], said: Mapping[str, bool]) -> None:
    stored = Submission.objects.values(*CONSENTS).get(pk=submission.pk)
    if stored != seen:
        raise Overtaken(
            f"展示授权在别处改动过：现在是“{in_words(stored)}”，您刚才选的“{in_words(said)}”没有保存。"
            "请核对后重新选择，再按“更改展示授权”。"
        )


def change_of(submission: Submission, said: Mapping[str, Any]) -> str:
    """What is another than is stored, for the history; empty where all is the same. Locks the work."""
    stored = Submission.objects.select_for_update().filter(pk=submission.pk).first()
    changed = [name for name in CONSENTS if stored and name in said and getattr(stored, name) != said[name]]
    return in_words({name: said[name] for name in changed})


def in_words(said: Mapping[str, Any]) -> str:
    return "，".join(f"{'同意' if said[name] else '不同意'}{CONSENTS[name]}" for name in said)
