"""An assessed office for tests of its pages: departments, people, works of every state."""

from datetime import UTC, date, datetime

from assessment.services import assess
from organization.models import Cadre, Department, Leave, PartyGroup, PartyMembership, Posting
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import parse_period
from submissions.kinds import Grade
from submissions.models import Submission
from submissions.states import State
from submissions.tests.factories import SubmissionFactory

NOW = datetime(2024, 7, 20, 1, 0, tzinfo=UTC)
PERIOD = "2024Q2"


def approved(people: list[Cadre], title: str, day: date, grade: str = "", **values: object) -> Submission:
    work: Submission = SubmissionFactory(people=people, title=title, credit_date=day, state=State.APPROVED, **values)
    if grade:
        Submission.objects.filter(pk=work.pk).update(grade=grade, graded_version=work.versions.get())
    return work


class Office:
    """办公室 with an excellent, a good and a late work, one owing and one on leave; 法规科, whence 调来的人 came."""

    def __init__(self) -> None:
        self.root: Department = bureau()
        self.office = DepartmentFactory(name="办公室", parent=self.root)
        self.law = DepartmentFactory(name="法规科", parent=self.root)
        self.leader = CadreFactory(name="领导", roles=[Role.LEADER], department=self.root)
        self.clerk = CadreFactory(name="办公室文员", roles=[Role.OFFICE], department=self.office)
        self.best, self.good, self.late, self.away = (
            CadreFactory(name=name, department=self.office) for name in ("甲优", "乙良", "丙迟", "丁假")
        )
        self.mover = CadreFactory(name="调来的人", department=self.law)
        self.mover.postings.update(until=date(2024, 4, 30))
        Posting.objects.create(cadre=self.mover, department=self.office, since=date(2024, 5, 1))
        self.lawyer = CadreFactory(name="法规的人", department=self.law)
        Leave.objects.create(cadre=self.away, category="病假", since=date(2024, 4, 1))
        group = PartyGroup.objects.create(name="第一党小组")
        for cadre in (self.best, self.lawyer):
            PartyMembership.objects.create(cadre=cadre, party_group=group, since=date(2020, 1, 1))
        self.excellent = approved([self.best, self.lawyer], "合写的优秀心得", date(2024, 5, 6), Grade.EXCELLENT)
        approved([self.good], "良好心得", date(2024, 5, 7), Grade.GOOD)
        approved([self.late], "迟到的心得", date(2024, 7, 3), quarter=PERIOD)
        approved([self.mover], "调来之前的心得", date(2024, 4, 10))

    def assess(self, *codes: str) -> "Office":
        for code in codes or (PERIOD,):
            assess(period=parse_period(code), now=NOW)
        return self
