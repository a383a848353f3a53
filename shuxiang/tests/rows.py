"""One row of every model that the admin lists."""

from datetime import date
from decimal import Decimal

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType

from activities.models import Activity, Attendance, Lecturer
from activities.tests.factories import SeriesFactory
from activities.tests.feedback_rows import make_feedback_rows
from assessment.models import DepartmentResult, Entry, PartyGroupResult, Period, PersonResult, Scheme
from notices.models import Digest, Notice
from organization.models import (
    AccessAction,
    AccessEvent,
    Department,
    Holiday,
    Leave,
    Lock,
    PartyGroup,
    PartyMembership,
    RegisterImport,
)
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.rows import make_reading_rows
from submissions.kinds import Level
from submissions.models import Decision, Publication, ReasonTemplate
from submissions.states import Action, State
from submissions.tests.factories import SubmissionFactory


def make_row(number: int) -> None:
    """One row of every model, each with people and departments of its own."""
    department = DepartmentFactory(parent=bureau())
    cadre = CadreFactory(roles=[Role.CADRE, Role.LIAISON], department=department)
    PartyMembership.objects.create(
        cadre=cadre, party_group=PartyGroup.objects.create(name=f"第{number}小组"), since=date(2024, 1, 1)
    )
    Leave.objects.create(cadre=cadre, category="病假", since=date(2024, 1, 1))
    Holiday.objects.create(date=date(2000 + number, 5, 1), name="劳动节")
    work = SubmissionFactory(people=[cadre, CadreFactory(department=department)], state=State.APPROVED)
    Decision.objects.create(submission=work, actor=cadre, action=Action.APPROVE, to_state=State.APPROVED)
    Publication.objects.create(
        submission=work,
        level=Level.CITY,
        outlet="某报",
        accepted_on=date(2024, 3, 1),
        evidence="第 1 版",
        recorded_by=cadre,
    )
    ReasonTemplate.objects.create(name=f"请写自己的话 {number}", text="请写一件自己经手的事。")
    SeriesFactory(department=department, organiser=cadre)
    activity = Activity.objects.create(reference=f"HD{number}", title="读书日", date=date(2024, 3, 1))
    Attendance.objects.create(activity=activity, cadre=cadre)
    Lecturer.objects.create(name=f"教授{number}", unit="大学")
    Scheme.objects.create(version=number + 100, name="方案", effective_from=f"{2030 + number}Q1")
    period = Period.objects.create(code=f"{2000 + number}Q1", scheme=Scheme.objects.first(), agency="测试局")
    make_results(period, cadre, department)
    Lock.objects.create(username=cadre.employee_number, ip_address=f"10.0.0.{number}", failures_since_start=5)
    AccessEvent.objects.create(action=AccessAction.EXPORT, actor=cadre, actor_label=str(cadre), about="读后")
    Notice.objects.create(recipient=cadre, subject="“读后”已通过", address="/me/", created_at=work.created_at)
    Digest.objects.create(
        day=date(2000 + number, 5, 1), channel="json 1a2b3c4d", recipient=cadre, until=work.created_at, count=1,
        created_at=work.created_at,
    )  # fmt: skip
    make_reading_rows(number, cadre)
    make_feedback_rows(number, cadre)
    counts = dict.fromkeys(("added", "changed", "unchanged", "refused", "held_back", "problem_count"), number)
    lists = {name: [] for name in ("notices", "rights", "created", "added_lines", "changed_lines", "problems")}
    RegisterImport.objects.create(kind="roster", original_name="花名册.xlsx", uploaded_by=cadre, preview=counts | lists)
    LogEntry.objects.create(
        user=cadre,
        content_type=ContentType.objects.get_for_model(Department),
        object_id=str(department.pk),
        object_repr="科室",
        action_flag=ADDITION,
    )


def make_results(period, cadre, department) -> None:
    who = {"cadre": cadre, "employee_number": cadre.employee_number, "name": cadre.name}
    where = {"department": department, "department_path": department.name}
    zero = Decimal("0.00")
    Entry.objects.create(
        period=period, position=0, date=date(2024, 3, 1), fact_kind="essay", reference="ZP1", title="读后",
        rule_code="essay.base", scheme_version=1, points=Decimal("1.00"), **who, **where,
    )  # fmt: skip
    PersonResult.objects.create(
        period=period, position=0, agency=department, service_days=91, effective_days=91, quotas=[],
        excellent=0, points=zero, adjustment=zero, year_points=zero, status="met", **who, **where,
    )  # fmt: skip
    DepartmentResult.objects.create(
        period=period, position=0, listed=1, assessed=1, met=1, excellent=0, points=zero, person_days=91,
        person_periods=Decimal("1.00"), **where,
    )  # fmt: skip
    PartyGroupResult.objects.create(period=period, position=0, name="第一", listed=1, assessed=1, met=1, points=zero)
