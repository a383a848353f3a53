"""`make demo`: prepared once, started again without loss, and never in a real office's folder."""

import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from activities.models import Activity
from assessment.models import Period, PersonResult
from organization.models import Cadre, Department
from organization.roles import ADMINISTRATORS
from organization.tests.factories import bureau
from shuxiang.demo import DEMO_AGENCY
from shuxiang.locks import locked_file
from shuxiang.periods import Quarter
from shuxiang.tests.registers import refusal, run, stored
from submissions.models import Submission
from submissions.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    for name in ("MEDIA_ROOT", "STATIC_ROOT", "BROKER_DIR", "LOCKS_DIR"):
        setattr(settings, name, tmp_path / name.lower())
    return tmp_path


def test_it_prepares_an_office_with_a_log_in_for_each_role(client, folder):
    out = run("demo", no_serve=True)
    logins = json.loads((folder / "demo" / "logins.json").read_text())
    staff = ["办公室", "领导", "联络员", "干部", "办公室（另一位）", "图书管理员"]
    organiser = logins.pop(len(staff))
    following = Activity.objects.get(title=organiser["role"].removeprefix("组织人（").removesuffix("）"))
    assert following.organiser.employee_number == organiser["number"]
    assert following.last_day >= timezone.localdate()
    assert [login["role"] for login in logins] == [*staff, *ADMINISTRATORS]
    for login in [*logins, organiser]:
        assert login["password"] in out
        assert client.login(username=login["number"], password=login["password"])
    assert (folder / "demo" / "logins.json").stat().st_mode & 0o777 == 0o600
    assert len(list((folder / "demo").glob("考核表-*.xlsx"))) == 2
    assert Period.objects.filter(assessed_at__isnull=False).count() >= 6
    assert 10 <= Submission.objects.filter(state=State.PENDING).count() <= 14
    for period in Period.objects.filter(code__contains="Q", code__lt=str(Quarter.of(timezone.localdate()))):
        results = PersonResult.objects.filter(period=period)
        assert 0.65 < results.filter(status="met").count() / results.count() < 0.95


def test_starting_again_loses_nothing(folder):
    run("demo", no_serve=True)
    Cadre.objects.filter(employee_number="YZ020").update(name="改名", password="!")
    before = stored()
    out = run("demo", no_serve=True)
    assert "（密码已修改）" in out
    assert stored() == before


def test_an_interrupted_start_goes_on(folder):
    run("demo", no_serve=True)
    (folder / "demo" / "logins.json").unlink()
    assert "新增 0 人" in run("demo", no_serve=True)


@pytest.mark.parametrize("options", [{}, {"port": 8001}, {"no_serve": True}, {"reset": True}])
def test_a_second_one_on_the_same_data_is_refused(folder, options):
    with locked_file("demo"):
        told = refusal("demo", **options)
    assert told.startswith(f"{folder} 里的演示正在运行，请先到启动它的窗口按 Ctrl-C 停止。")
    assert not (folder / "demo").exists()


def test_it_leaves_a_real_office_alone(folder):
    bureau()
    before = stored()
    for options in ({"no_serve": True}, {"reset": True}):
        refusal("demo", **options)
        (folder / "demo").mkdir(exist_ok=True)
        assert "正式数据" in refusal("demo", **options)
    assert stored() == before
    assert (folder / "demo").exists()


def test_reset_removes_the_demo_only(folder):
    call_command("demo", no_serve=True, verbosity=0)
    (folder / "notes.txt").write_text("办公室的笔记")
    assert Department.objects.get(parent=None).name == DEMO_AGENCY
    assert any((folder / "media_root").rglob("*"))
    run("demo", reset=True)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    assert "没有演示数据" in refusal("demo", reset=True)
