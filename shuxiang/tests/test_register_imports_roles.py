"""Registers at the desk, over HTTP: who brings in what, never for oneself, and what stays on record."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Attendance
from organization.models import AccessAction, AccessEvent, Cadre, Department
from organization.roles import DESK_ROLES, Role
from organization.tests.county import County
from organization.tests.factories import CadreFactory
from shuxiang.tests.desk_imports import (
    HIRED,
    ROSTER,
    SIGNED,
    WORKS,
    address,
    book,
    clerk,
    decide,
    looked_at,
    upload,
)
from shuxiang.tests.registers import run, write_book
from submissions.models import Decision, Submission
from submissions.states import State
from submissions.tests.factories import SubmissionFactory

__all__ = ["book", "clerk"]
pytestmark = pytest.mark.django_db


def test_nobody_changes_the_own_row(client, clerk, book):
    rows = [["T1", "经办人", "办公室", "2020-01-01", "领导"], ["A1", "甲", "办公室", HIRED, "办公室"]]
    found = looked_at(client, book("花名册", [*ROSTER, "角色"], *rows))
    assert found.preview["problems"] == [
        ["花名册", 2, "", "是您本人，自己的资料（角色 办公室＋干部 → 领导）要由另一位同事导入"]
    ]
    decide(client, found)
    assert Cadre.objects.get(pk=clerk.pk).roles == {Role.CADRE, Role.OFFICE}
    assert Cadre.objects.get(employee_number="A1").roles == {Role.OFFICE}
    event = AccessEvent.objects.get(action=AccessAction.ROLES)
    assert (event.actor, event.detail) == (clerk, "甲（A1）：新账号，角色 办公室")


def test_the_own_row_as_it_is_stored_is_no_problem(client, clerk, book):
    found = looked_at(client, book("花名册", ROSTER, ["T1", "经办人", "办公室", "2020-01-01"]))
    assert (found.preview["unchanged"], found.preview["refused"]) == (1, 0)


def test_nobody_decides_on_an_own_work(client, clerk, book):
    CadreFactory(employee_number="A1", department=Department.objects.get(name="办公室"))
    today = timezone.localdate().isoformat()
    rows = [
        ["W1", "读书心得", "读后", "T1", today, "待审", None],
        ["W2", "读书心得", "读后", "T1", today, "通过", None],
        ["W3", "读书心得", "读后", "A1", today, "通过", "优秀"],
    ]
    found = looked_at(client, book("作品登记", WORKS, *rows), "submissions")
    assert [problem[1] for problem in found.preview["problems"]] == [3]
    decide(client, found)
    rows[0][5:], rows[1][5] = ["通过", "优秀"], "待审"
    rows[2][5:] = ["通过", "良好"]
    found = looked_at(client, book("作品登记", WORKS, *rows), "submissions")
    assert [(problem[1], "不能由本人决定" in problem[3]) for problem in found.preview["problems"]] == [(2, True)]
    decide(client, found)
    states = dict(Submission.objects.values_list("reference", "state"))
    assert states == {"W1": State.PENDING, "W2": State.PENDING, "W3": State.APPROVED}
    rows[0][5:] = ["待审", None]
    rows[2][3] = "T1"
    found = looked_at(client, book("作品登记", WORKS, *rows), "submissions")
    assert [problem[1] for problem in found.preview["problems"]] == [4]


def test_nobody_records_the_own_attendance(client, clerk, book):
    CadreFactory(employee_number="A1", department=Department.objects.get(name="办公室"))
    rows = [["H1", "读书日", "2024-03-01", "T1", "参加"], ["H1", "读书日", "2024-03-01", "A1", "主讲"]]
    found = looked_at(client, book("活动签到", SIGNED, *rows), "attendance")
    assert [problem[1] for problem in found.preview["problems"]] == [2]
    decide(client, found)
    assert list(Attendance.objects.values_list("cadre__employee_number", flat=True)) == ["A1"]
    assert Activity.objects.get().date == date(2024, 3, 1)


def test_an_agencys_office_brings_nothing_in(client, book):
    county = County()
    client.force_login(county.head)
    found = looked_at(client, book("花名册", ROSTER, ["A1", "甲", "审计局/办公室", HIRED]))
    pages = [address(found), reverse("admin:organization_registerimport_add")]
    pages.append(reverse("admin:organization_registerimport_template", args=["roster"]))
    for person, status in ((county.clerk, 403), (county.head, 200)):
        client.force_login(person)
        answers = [client.get(url) for url in pages]
        assert [answer.status_code for answer in answers] == [status] * 3
        for answer in answers:
            b"".join(answer)
        listed = client.get(reverse("admin:organization_cadre_changelist")).content.decode()
        assert ("导入花名册" in listed) == (status == 200)
    client.force_login(county.clerk)
    assert (decide(client, found).status_code, upload(client, b"x").status_code) == (403, 403)


def test_what_a_colleague_previewed_is_judged_anew_for_who_applies_it(client, clerk, book):
    other = CadreFactory(employee_number="T2", roles=[Role.OFFICE], department=Department.objects.get(name="办公室"))
    found = looked_at(client, book("花名册", ROSTER, ["T2", "改名", "办公室", "2020-01-01"]))
    client.force_login(other)
    page = decide(client, found).content.decode()
    assert ("预览之后资料有了变化" in page, "是您本人" in page) == (True, True)
    assert Cadre.objects.get(pk=other.pk).name == other.name


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICE}))
def test_other_roles_reach_no_page_and_no_file(role, client, clerk, book):
    found = looked_at(client, book("花名册", ROSTER, ["A1", "甲", "办公室", HIRED], ["A1", "乙", "办公室", HIRED]))
    client.force_login(CadreFactory(roles=[role], department=Department.objects.get(name="办公室")))
    status = 403 if role in DESK_ROLES else 302
    pages = [address(found, page) for page in ("change", "file", "refused")]
    pages.append(reverse("admin:organization_registerimport_template", args=["roster"]))
    assert [client.get(url).status_code for url in pages] == [status] * 4
    assert client.post(address(found), {"action": "apply", "digest": found.digest}).status_code == status
    assert upload(client, b"x").status_code == status


def test_nobody_leaves_an_own_work_to_decide_on_it(client, clerk, book):
    author = CadreFactory(employee_number="A1", department=Department.objects.get(name="办公室"))
    work = SubmissionFactory(reference="W1", title="读后", people=[clerk, author])
    row = ["W1", work.get_kind_display(), "读后", "A1", work.credit_date.isoformat(), "待审", None]
    found = looked_at(client, book("作品登记", WORKS, row), "submissions")
    assert [(problem[1], "不能由本人决定" in problem[3]) for problem in found.preview["problems"]] == [(2, True)]


def test_what_a_register_decides_names_who_brought_it_in(client, clerk, book):
    CadreFactory(employee_number="A1", department=Department.objects.get(name="办公室"))
    today = timezone.localdate().isoformat()
    row = ["W1", "读书心得", "读后", "A1", today, "通过", "优秀"]
    decide(client, looked_at(client, book("作品登记", WORKS, row), "submissions"))
    row[-1] = "良好"
    decide(client, looked_at(client, book("作品登记", WORKS, row), "submissions"))
    assert list(Decision.objects.values_list("actor", "grade")) == [(clerk.pk, "excellent"), (clerk.pk, "good")]


def test_an_import_on_the_server_leaves_the_same_events(clerk, tmp_path):
    path = write_book(tmp_path / "花名册.xlsx", {"花名册": [[*ROSTER, "角色"], ["A1", "甲", "办公室", HIRED, "领导"]]})
    for _ in range(2):
        run("import_roster", path)
    assert list(AccessEvent.objects.order_by("id").values_list("action", "actor_label", "about", "detail")) == [
        ("import", "命令行", "花名册 花名册.xlsx", f"已导入花名册“{path}”：新增 1 人"),
        ("roles", "命令行", "1 人", "甲（A1）：新账号，角色 领导"),
    ]
