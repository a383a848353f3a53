from datetime import datetime

import pytest

from notices.models import Notice
from organization.roles import Role
from organization.tests.factories import CadreFactory, bureau
from shuxiang.periods import SHANGHAI
from submissions.kinds import Grade
from submissions.models import Contributor
from submissions.services.review import withdraw
from submissions.tests.decisions import approve, reject, reopen, return_submission
from submissions.tests.factories import SubmissionFactory, name

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)


def told() -> set[tuple]:
    return set(Notice.objects.values_list("recipient__name", "subject", "body", "created_at"))


def test_the_people_of_a_work_hear_of_every_decision():
    department = bureau()
    clerk = CadreFactory(roles=[Role.OFFICE], department=department)
    author, member, gone, liaison = (CadreFactory(name=each, department=department) for each in "甲乙丙丁")
    work = SubmissionFactory(people=[author, member], title="读后", entered_by=liaison)
    name(work, gone, 2, Contributor.State.DECLINED)
    approve(submission=work, reviewer=clerk, grade=Grade.EXCELLENT, now=NOW)
    assert told() == {(each, "“读后”已通过，评为优秀", "", NOW) for each in "甲乙丁"}
    assert set(Notice.objects.values_list("address", flat=True)) == {f"/works/{work.pk}/"}
    Notice.objects.all().delete()
    reopen(submission=work, reviewer=clerk, reason="评级有误。", now=NOW)
    return_submission(submission=work, reviewer=clerk, reason="请补末段。", now=NOW)
    assert {(subject, body) for _, subject, body, _ in told()} == {
        ("“读后”撤销了原来的决定，重新待审", "评级有误。"),
        ("“读后”退回修改", "请补末段。"),
    }
    Notice.objects.all().delete()
    withdraw(submission=work, author=liaison, now=NOW, reason="报重了。")
    assert told() == {(each, "“读后”由丁撤回", "报重了。", NOW) for each in "甲乙"}


def test_a_refused_decision_sends_nothing():
    clerk = CadreFactory(roles=[Role.OFFICE], department=bureau())
    work = SubmissionFactory(people=[CadreFactory(department=bureau())])
    with pytest.raises(ValueError, match="理由"):
        reject(submission=work, reviewer=clerk, reason=" ", now=NOW)
    assert told() == set()
