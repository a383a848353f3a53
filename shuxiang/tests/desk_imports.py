"""Registers at the desk as tests bring them in, over HTTP."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from organization.models import Cadre, RegisterImport
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.registers import stored, write_book
from shuxiang.tests.test_pages_markup import Page

ROSTER = ["工号", "姓名", "科室", "入职日期"]
WORKS = ["编号", "类型", "题目", "工号", "上报日期", "状态", "评级"]
SIGNED = ["活动编号", "活动名称", "日期", "工号", "身份"]
HIRED = "2020-03-01"


@pytest.fixture
def clerk(client) -> Cadre:
    office = DepartmentFactory(name="办公室", parent=bureau())
    clerk = CadreFactory(name="经办人", employee_number="T1", roles=[Role.CADRE, Role.OFFICE], department=office)
    client.force_login(clerk)
    return clerk


@pytest.fixture
def book(tmp_path):
    """A workbook of one sheet, to be uploaded."""
    return lambda sheet, *rows: write_book(tmp_path / "登记表.xlsx", {sheet: rows})


def upload(client, path: Path | bytes, kind: str = "roster", name: str = "登记表.xlsx"):
    content = path if isinstance(path, bytes) else path.read_bytes()
    url = f"{reverse('admin:organization_registerimport_add')}?kind={kind}"
    return client.post(url, {"file": SimpleUploadedFile(name, content)})


def upload_by_hand(client, content: bytes, kind: str, name: str):
    """A body of one's own making: the test client refuses file names that a stranger may well send."""
    quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--edge--\r\n"
    url = f"{reverse('admin:organization_registerimport_add')}?kind={kind}"
    return client.post(url, body, content_type="multipart/form-data; boundary=edge")


def looked_at(client, path: Path | bytes, kind: str = "roster") -> RegisterImport:
    response = upload(client, path, kind)
    assert response.status_code == 302, response.context["form"].errors
    found = RegisterImport.objects.latest("created_at")
    assert response.url == address(found)
    return found


def address(found: RegisterImport, page: str = "change") -> str:
    return reverse(f"admin:organization_registerimport_{page}", args=[found.pk])


def decide(client, found: RegisterImport, action: str = "apply", digest: str | None = None):
    typed = {"action": action, "digest": found.digest if digest is None else digest}
    return client.post(address(found), typed, follow=True)


def faults(html: str) -> list[str]:
    """Django's own frame says `zh-hans`, which is as good."""
    return [fault for fault in Page(html).faults() if fault != "html without lang"]


def office_data() -> dict:
    """All but the uploads themselves and who fetched what."""
    apart = {"organization.RegisterImport", "organization.AccessEvent"}
    return {label: rows for label, rows in stored().items() if label not in apart}


def media_files(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
