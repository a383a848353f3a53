"""A work with a typed text and a document beside it: everywhere both are read, the typed text first."""

import pytest

from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.pages import text_of
from shuxiang.tests.test_pages_markup import Page
from submissions.models import Attachment, Submission, Version
from submissions.services.likeness import text_of as whole_text
from submissions.states import State
from submissions.tests.factories import SubmissionFactory
from submissions.tests.review_desk import faults, page_of

pytestmark = pytest.mark.django_db
BOTH = "写在网页上的话。 附件中的文字 写在文档里的话。"


@pytest.fixture
def office():
    return DepartmentFactory(parent=bureau())


@pytest.fixture
def author(office):
    return CadreFactory(department=office)


@pytest.fixture
def clerk(office):
    return CadreFactory(roles=[Role.OFFICE], department=office)


@pytest.fixture
def work(author):
    found = SubmissionFactory(people=[author])
    found.versions.update(body="写在网页上的话。")
    document(found.versions.get(), "写在文档里的话。")
    return found


def document(version: Version, text: str) -> Attachment:
    return Attachment.objects.create(
        version=version, role="document", file=f"{text}.docx", original_name="心得.docx", size=9, sha256="0" * 64,
        state="ready", text=text, html=f"<p>{text}</p>",
    )  # fmt: skip


def test_the_works_page_shows_the_text_and_then_the_document(client, author, work):
    client.force_login(author)
    page = client.get(f"/works/{work.pk}/").content.decode()
    assert Page(page).faults() == []
    assert BOTH in text_of(page)
    assert "第 1 版 · 16 字" in text_of(page)


def test_a_colleague_reads_both_in_the_showcase(client, office, work):
    Submission.objects.update(state=State.APPROVED, show_in_showcase=True)
    client.force_login(CadreFactory(department=office))
    assert BOTH in text_of(client.get(f"/works/{work.pk}/").content.decode())


def test_the_review_desk_shows_both_of_every_version(client, clerk, work):
    newer = Version.objects.create(submission=work, number=2, title=work.title, body="新写的话。")
    document(newer, "新文档里的话。")
    client.force_login(clerk)
    page = client.get(page_of(work)).content.decode()
    assert faults(page) == []
    text = text_of(page)
    assert "新写的话。 附件中的文字 新文档里的话。" in text
    assert BOTH in text[text.index("以前的版本") :]


def test_a_document_alone_needs_no_heading(client, author, clerk, work):
    work.versions.update(body="")
    for reader, address in ((author, f"/works/{work.pk}/"), (clerk, page_of(work))):
        client.force_login(reader)
        text = text_of(client.get(address).content.decode())
        assert "写在文档里的话。" in text
        assert "附件中的文字" not in text
        assert "没有文本" not in text


def test_versions_differ_in_their_documents_too(client, author, work):
    newer = Version.objects.create(submission=work, number=2, title=work.title, body="写在网页上的话。")
    document(newer, "写在文档里的新话。")
    client.force_login(author)
    page = client.get(f"/works/{work.pk}/compare/").content.decode()
    assert Page(page).faults() == []
    assert "附件中的文字" in page
    assert "写在文档里的<ins>新</ins>话。" in page
    newer.attachments.update(text="写在文档里的话。")
    assert "两版的文字相同" in client.get(f"/works/{work.pk}/compare/").content.decode()


def test_likeness_compares_both(work):
    assert whole_text(work.versions.get()) == "写在网页上的话。\n\n写在文档里的话。"
