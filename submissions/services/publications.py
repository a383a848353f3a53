"""外部刊发 recorded at the desk."""

from django.db import transaction

from organization.models import AccessAction, Cadre
from organization.roles import Role
from organization.services.audit import record_event
from organization.services.roles import NotAllowed
from submissions.models import Publication, Submission

CHANGEABLE = ("level", "outlet", "accepted_on", "evidence", "is_void")


@transaction.atomic
def record_publication(*, publication: Publication, recorder: Cadre) -> Publication:
    """Stores a new record, or what was changed of a stored one (never its work); raises NotAllowed."""
    check_recorder(submission=publication.submission, recorder=recorder)
    if publication.pk is None:
        publication.recorded_by = recorder
        publication.save(force_insert=True)
    else:
        publication.save(update_fields=[*CHANGEABLE, "changed_at"])
    done = "外部刊发作废" if publication.is_void else "外部刊发"
    detail = f"{done}：{publication.get_level_display()} {publication.outlet}"
    record_event(action=AccessAction.DECISION, actor=recorder, about=str(publication.submission), detail=detail)
    return publication


def check_recorder(*, submission: Submission, recorder: Cadre) -> None:
    """The office records works of its scope, never one on which the recorder is named."""
    if submission.contributors.filter(cadre=recorder).exists():
        raise NotAllowed("不能登记自己的作品的刊发，请由另一位同事登记。")
    in_sight = Submission.objects.visible_to(recorder).filter(pk=submission.pk)
    if not recorder.has_role(Role.OFFICE) or not in_sight.exists():
        raise NotAllowed("只有本单位的办公室能登记这件作品的刊发。")
