"""Whom a questionnaire can be opened to."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from activities.models import Attendance, Questionnaire, Registration
from organization.models import Cadre, Department, Posting, Tree
from organization.roles import ADMINISTRATORS


class AudienceKind(models.TextChoices):
    EVERYBODY = "everybody", "主办单位全体在职人员"
    DEPARTMENT = "department", "一个科室（含下级）"
    ACTIVITY = "activity", "参加这次活动的人（签到的，没有签到记录时为报名的）"


def people_of(
    questionnaire: Questionnaire, audience: AudienceKind, department: Department | None, today: date
) -> list[Cadre]:
    """Active people in service, in the order of their keys. Raises ValueError where the choice makes no sense."""
    posted = Posting.objects.filter(cadre=OuterRef("pk")).covering(today)
    tree, top = Tree.load(), questionnaire.department_id
    hosts = tree.subtree(top) if top else list(tree.nodes)
    if audience == AudienceKind.DEPARTMENT:
        if department is None or department.pk not in hosts:
            raise ValueError("请选择主办单位的一个科室。")
        hosts = tree.subtree(department.pk)
    people = in_service().filter(Exists(posted.filter(department__in=hosts)))
    if audience == AudienceKind.ACTIVITY:
        people = in_service().filter(Exists(posted), taking_part(questionnaire))
    return list(people.order_by("pk"))


def in_service() -> models.QuerySet[Cadre]:
    held = Cadre.groups.through.objects.filter(cadre=OuterRef("pk"), group__name__in=ADMINISTRATORS)
    return Cadre.objects.filter(~Exists(held), is_active=True)


def taking_part(questionnaire: Questionnaire) -> Q:
    """Whose attendance is recorded; where nobody's is yet, who signed up."""
    if questionnaire.activity_id is None:
        raise ValueError("这份问卷没有关联活动，请选择别的范围。")
    came = Attendance.objects.valid().filter(activity=questionnaire.activity_id)
    if came.exists():
        return Q(Exists(came.filter(cadre=OuterRef("pk"))))
    signed = Registration.objects.registered().filter(activity=questionnaire.activity_id, cadre=OuterRef("pk"))
    return Q(Exists(signed))
