import re
import resource
import stat
from datetime import date
from html.parser import HTMLParser

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command

from organization.management.commands.password_slips import write_once
from organization.models import Cadre, DepartmentKind, Posting
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau

pytestmark = pytest.mark.django_db


class Slips(HTMLParser):
    """The texts of every <dd>, five to a slip: 单位, 科室, 姓名, 工号, 密码."""

    def __init__(self):
        super().__init__()
        self.texts, self.inside = [], False

    def handle_starttag(self, tag, attrs):
        self.inside = self.inside or tag == "dd"
        if tag == "dd":
            self.texts.append("")

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "dd"

    def handle_data(self, data):
        if self.inside:
            self.texts[-1] += data


def read(path) -> list[list[str]]:
    parser = Slips()
    parser.feed(path.read_text(encoding="utf-8"))
    return [parser.texts[start : start + 5] for start in range(0, len(parser.texts), 5)]


@pytest.fixture
def out(tmp_path):
    return tmp_path / "slips.html"


@pytest.fixture
def people() -> list[Cadre]:
    """Two in a department, one in its child, one without a posting; numbers against the order of the tree."""
    first = DepartmentFactory(name="办公室", parent=bureau(), position=1)
    second = DepartmentFactory(name="业务口", parent=bureau(), position=2)
    below = DepartmentFactory(name="投资科", parent=second, position=1)
    made = [
        CadreFactory(employee_number="B2", name="甲", department=first),
        CadreFactory(employee_number="B1", name="乙<b>", department=first),
        CadreFactory(employee_number="A1", name="丙", department=below),
        CadreFactory(employee_number="A0", name="丁"),
    ]
    Cadre.objects.update(password=make_password(None))
    return made


def test_everybody_without_a_password_gets_a_slip_that_works(people, out, capsys):
    CadreFactory(employee_number="C1", password=make_password("Lanting-3-yue"))
    CadreFactory(employee_number="C2", password=make_password(None), is_active=False)
    call_command("password_slips", str(out))
    slips = read(out)
    assert [slip[:4] for slip in slips] == [
        ["测试局", "办公室", "乙<b>", "B1"],
        ["测试局", "办公室", "甲", "B2"],
        ["测试局", "业务口/投资科", "丙", "A1"],
        ["测试局", "—", "丁", "A0"],
    ]
    for *_, number, password in slips:
        cadre = Cadre.objects.get(employee_number=number)
        assert cadre.check_password(password)
        assert cadre.must_change_password
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert capsys.readouterr().out == f"密码条 4 张已写入 {out}。打印、裁开、交给本人之后，请删除这个文件。\n"


def test_a_second_run_finds_nobody_left(people, out, tmp_path, capsys):
    call_command("password_slips", str(out))
    capsys.readouterr()
    call_command("password_slips", str(tmp_path / "more.html"))
    assert capsys.readouterr().out.startswith("没有需要发密码的人，未写文件。")
    assert not (tmp_path / "more.html").exists()


def test_the_sheet_stands_alone_and_says_what_to_do(people, out):
    call_command("password_slips", str(out))
    text = out.read_text(encoding="utf-8")
    assert re.findall(r"(?:src|href|url\()", text) == []
    assert text.count("首次登录后必须修改密码") == text.count("网址：________") == 4


@pytest.mark.parametrize(
    ("path", "numbers"),
    [
        ("办公室", ["B1", "B2"]),
        ("业务口", ["A1"]),
        ("业务口/投资科", ["A1"]),
        ("/", ["B1", "B2", "A1"]),
        ("测试局", ["B1", "B2", "A1"]),
    ],
)
def test_one_department_with_what_is_below(people, out, path, numbers):
    call_command("password_slips", str(out), department=path)
    assert [slip[3] for slip in read(out)] == numbers
    assert Cadre.objects.get(employee_number="A0").has_usable_password() is False


def test_named_people_get_a_new_one(people, out):
    Cadre.objects.update(password=make_password("Lanting-3-yue"))
    call_command("password_slips", str(out), cadre=["a1", "Ｂ２", "A1"])
    assert [slip[3] for slip in read(out)] == ["B2", "A1"]
    assert not Cadre.objects.get(employee_number="A1").check_password("Lanting-3-yue")
    assert Cadre.objects.get(employee_number="B1").check_password("Lanting-3-yue")


def test_the_unit_is_the_agency_of_the_day(out):
    root = DepartmentFactory(name="县直机关工委", kind=DepartmentKind.GROUP)
    audit = DepartmentFactory(name="审计局", kind=DepartmentKind.AGENCY, parent=root)
    office = DepartmentFactory(name="办公室", parent=audit)
    moved = CadreFactory(employee_number="M1", password=make_password(None))
    Posting.objects.create(cadre=moved, department=audit, since=date(2020, 1, 1), until=date(2021, 1, 1))
    Posting.objects.create(cadre=moved, department=office, since=date(2021, 1, 2))
    CadreFactory(employee_number="M2", password=make_password(None), department=audit)
    call_command("password_slips", str(out))
    assert [slip[:2] for slip in read(out)] == [["审计局", "—"], ["审计局", "办公室"]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cadre": ["A1", "Z9"]}, "没有工号 Z9，请核对；没有发放任何密码。"),
        ({"cadre": ["OUT"]}, "停用（OUT） 的账号已停用，请先启用账号，或去掉这个工号；没有发放任何密码。"),
        ({"department": "无此科"}, "没有科室“无此科”，请写完整路径"),
    ],
)
def test_what_cannot_be_done_gives_no_password(people, out, options, message):
    CadreFactory(employee_number="OUT", name="停用", is_active=False)
    before = set(Cadre.objects.values_list("pk", "password"))
    with pytest.raises(CommandError, match=re.escape(message)):
        call_command("password_slips", str(out), **options)
    assert not out.exists()
    assert set(Cadre.objects.values_list("pk", "password")) == before


def test_an_existing_file_is_kept(people, out):
    out.write_text("先前的密码条", encoding="utf-8")
    with pytest.raises(CommandError, match="已存在"):
        call_command("password_slips", str(out))
    assert out.read_text(encoding="utf-8") == "先前的密码条"
    assert Cadre.objects.without_password().count() == 4


def test_a_file_that_cannot_be_written_gives_no_password(people, tmp_path):
    with pytest.raises(CommandError, match="没有发放任何密码"):
        call_command("password_slips", str(tmp_path / "nowhere" / "slips.html"))
    with pytest.raises(CommandError, match="没有发放任何密码"):
        call_command("password_slips", "/dev/full/slips.html")
    assert Cadre.objects.without_password().count() == 4


def test_a_full_disk_leaves_no_half_file(out):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(CommandError, match="没有写成"):
            write_once(out, "密" * 10_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not out.exists()
