"""Registers at the desk, over HTTP: uploaded, looked at, and the pages around."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from organization.models import Cadre, Department, Posting, RegisterImport
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.desk_imports import (
    HIRED,
    ROSTER,
    address,
    book,
    clerk,
    decide,
    faults,
    looked_at,
    media_files,
    office_data,
    upload,
    upload_by_hand,
)
from shuxiang.tests.hostile import FOLDER, READ, REFUSED_FILES, REFUSED_ROWS
from shuxiang.tests.queries import queries
from shuxiang.tests.registers import stored

__all__ = ["book", "clerk"]
pytestmark = pytest.mark.django_db


# --- every hostile register --------------------------------------------------


@pytest.mark.parametrize("name", sorted(READ))
def test_a_readable_register_is_previewed_and_applied(name, client, clerk):
    before = office_data()
    found = looked_at(client, FOLDER / name)
    page = client.get(address(found))
    assert (page.status_code, faults(page.content.decode())) == (200, [])
    assert office_data() == before
    assert "已导入花名册" in decide(client, found).content.decode()
    people = dict(Cadre.objects.values_list("employee_number", "name"))
    since = dict(Posting.objects.values_list("cadre__employee_number", "since"))
    for number, person, hired in READ[name]:
        assert (people[number], since[number]) == (person, hired)


@pytest.mark.parametrize("name", sorted(REFUSED_FILES))
def test_a_file_refused_as_a_whole_leaves_nothing(name, client, clerk, settings):
    before = stored()
    response = upload(client, FOLDER / name)
    assert (response.status_code, faults(response.content.decode())) == (200, [])
    assert REFUSED_FILES[name] in str(response.context["form"].errors["file"])
    assert (stored(), media_files(settings)) == (before, [])


@pytest.mark.parametrize("name", sorted(REFUSED_ROWS))
def test_refused_rows_are_shown_and_nothing_is_written(name, client, clerk):
    before = office_data()
    found = looked_at(client, FOLDER / name)
    sheet, row, column, reason = REFUSED_ROWS[name]
    assert any([sheet, row, column] == problem[:3] and reason in problem[3] for problem in found.preview["problems"])
    page = client.get(address(found)).content.decode()
    assert (reason in page, "下载退回的行" in page, faults(page)) == (True, True, [])
    decide(client, found, "discard")
    assert office_data() == before


def test_what_is_like_a_script_in_a_name_is_shown_as_text(client, clerk):
    found = looked_at(client, FOLDER / "xss_names.xlsx")
    assert "<script>alert" not in client.get(address(found)).content.decode()


# --- looking ------------------------------------------------------------------


def test_the_preview_tells_from_what_to_what_and_asks_about_a_likely_typo(client, clerk, book):
    DepartmentFactory(name="财务科", parent=bureau())
    CadreFactory(name="旧名", employee_number="A1", department=Department.objects.get(name="财务科"))
    found = looked_at(
        client, book("花名册", ROSTER, ["A1", "新名", "财务科", "2020-01-01"], ["A2", "乙", "财政科", HIRED])
    )
    page = client.get(address(found)).content.decode()
    for words in ("姓名 旧名 → 新名", "新建科室 1 个", "是否为“财务科”？", "导入 1 人，改动 1 人", "登记表.xlsx"):
        assert words in page
    assert Cadre.objects.filter(employee_number="A2").count() == 0


@pytest.mark.parametrize("typed", ["财务科（一）", "财务科 (一)", "财务科(二)"])
def test_full_width_forms_and_spaces_are_near(client, clerk, book, typed):
    DepartmentFactory(name="财务科(一)", parent=bureau())
    found = looked_at(client, book("花名册", ROSTER, ["A2", "乙", typed, HIRED]))
    assert found.preview["created"] == [["新建科室 1 个", [[typed, "财务科(一)"]]]]


def test_long_lists_are_cut_and_counted(client, clerk, book):
    found = looked_at(client, book("花名册", ROSTER, *[[f"B{number}", "甲", "办公室", HIRED] for number in range(260)]))
    page = client.get(address(found)).content.decode()
    assert (found.preview["added"], "其余 60 人没有列出" in page) == (260, True)
    decide(client, found)
    assert Cadre.objects.filter(employee_number__startswith="B").count() == 260


def test_a_preview_asks_as_little_for_many_rows_as_for_one(client, clerk, book):
    counts = []
    for many in (1, 30):
        rows = [[f"B{number}", "甲", "办公室", HIRED] for number in range(many)]
        found = looked_at(client, book("花名册", ROSTER, *rows))
        counts.append(queries(client, address(found)))
    assert counts[0] == counts[1] <= 10


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "请选择登记表文件"),
        (b"", "文件是空的"),
        (b"%PDF-1.7", "文件是 PDF"),
        ("工号,姓名\r\nA1,甲\r\n".encode(), "缺少“科室”、“入职日期”列"),
    ],
)
def test_a_form_that_cannot_be_taken_says_why(content, says, client, clerk, settings):
    url = f"{reverse('admin:organization_registerimport_add')}?kind=roster"
    response = upload(client, content) if content is not None else client.post(url)
    assert (response.status_code, says in response.content.decode()) == (200, True)
    assert (RegisterImport.objects.count(), media_files(settings)) == (0, [])


def test_another_field_is_no_file(client, clerk, book):
    url = f"{reverse('admin:organization_registerimport_add')}?kind=roster"
    response = client.post(url, {"other": SimpleUploadedFile("a.xlsx", b"PK"), "file": "typed text"})
    assert (response.status_code, "请选择登记表文件" in response.content.decode()) == (200, True)


def test_size_and_rows_have_limits(client, clerk, book, settings):
    path = book("花名册", ROSTER, ["A1", "甲", "办公室", HIRED], ["A2", "乙", "办公室", HIRED])
    settings.WORKBOOK_MAX_WEB_ROWS = 1
    assert "登记表超过 1 行" in upload(client, path).content.decode()
    settings.WORKBOOK_MAX_BYTES = path.stat().st_size - 1
    assert "超过上限" in upload(client, path).content.decode()
    assert RegisterImport.objects.count() == 0


def test_a_full_disk_is_said_and_leaves_no_row(client, clerk, book, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file"
    assert "存储空间不足" in upload(client, book("花名册", ROSTER, ["A1", "甲", "办公室", HIRED])).content.decode()
    assert RegisterImport.objects.count() == 0


NAMES = {
    "/": 200, ".": 200, "..": 200, "../../etc/passwd": 200, "C:\\窗\\花名册.xlsx": 200, "a" * 500: 200,
    "\u202e.xlsx": 200, "名\0.csv": 200, "a" * 5000: 400,
}  # fmt: skip


@pytest.mark.parametrize(("name", "status"), NAMES.items())
def test_no_file_name_breaks_the_page_or_leaves_the_folder(client, clerk, name, status, settings):
    text = ",".join(ROSTER) + "\n"
    assert upload_by_hand(client, text.encode(), "roster", name).status_code == status
    assert list(settings.MEDIA_ROOT.parent.rglob("passwd*")) == []


@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=200), st.text(max_size=60).map(lambda text: f"工号,姓名,科室,入职日期\n{text}".encode())
    ),
    kind=st.sampled_from(["roster", "submissions", "attendance", "books", "marc", "nothing"]),
    name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120),
)
def test_no_bytes_break_the_page(client, clerk, content, kind, name):
    assert upload_by_hand(client, content, kind, name).status_code in (200, 302)


# --- the pages around -----------------------------------------------------------


@pytest.mark.parametrize("kind", ["roster", "submissions", "attendance", "books"])
def test_the_blank_register_can_be_filled_in(kind, client, clerk):
    response = client.get(reverse("admin:organization_registerimport_template", args=[kind]))
    content = b"".join(response)
    assert "没有数据行" in upload(client, content, kind).content.decode()
    assert client.get(reverse("admin:organization_registerimport_template", args=["x"])).status_code == 404


@pytest.mark.parametrize(
    "query", ["", "?kind=roster", "?kind=submissions", "?kind=attendance", "?kind=books", "?kind=marc", "?kind=x"]
)
def test_the_pages_before_the_preview(query, client, clerk):
    page = client.get(reverse("admin:organization_registerimport_add") + query)
    assert (page.status_code, faults(page.content.decode())) == (200, [])


@pytest.mark.parametrize("name", ["organization_cadre", "submissions_submission", "activities_attendance"])
def test_the_lists_lead_to_their_register(name, client, clerk):
    page = client.get(reverse(f"admin:{name}_changelist")).content.decode()
    assert f"{reverse('admin:organization_registerimport_add')}?kind=" in page
