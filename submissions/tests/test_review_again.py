"""A work that comes back to the review desk: what its new version changed stands above it."""

import pytest

from shuxiang.tests.pages import text_of
from submissions.models import Version
from submissions.tests.factories import SubmissionFactory
from submissions.tests.review_desk import Office, faults, office, page_of

__all__ = ["office"]
pytestmark = pytest.mark.django_db
BODY = "".join(f"第{number}段讲账目。" for number in range(80))


def revised(office: Office, **second: str):
    work = office.work(title="读账")
    work.versions.update(body=BODY)
    Version.objects.create(submission=work, number=2, **{"title": "读账", "body": BODY} | second)
    return work


def test_the_desk_shows_what_the_new_version_changed(client, office):
    work = revised(office, title="读旧账", body=BODY.replace("第40段讲账目", "第40段讲凭证"))
    page = client.get(page_of(work)).content.decode()
    text = text_of(page)
    assert "与第 1 版相比" in text
    assert ("<ins>旧</ins>" in page, "<del>账目</del><ins>凭证</ins>" in page) == (True, True)
    assert "字相同）……" in text
    assert f'href="/works/{work.pk}/compare/?old=1&amp;new=2"' in page
    assert faults(page) == []


def test_a_version_with_the_same_texts_says_so(client, office):
    assert "两版的文字相同，改动在录音、图片或成员。" in text_of(client.get(page_of(revised(office))).content.decode())


def test_a_draft_of_the_author_is_not_compared(client, office):
    work = SubmissionFactory(people=[office.author])
    Version.objects.create(submission=work, number=2, title="还在写", is_draft=True)
    assert "相比" not in text_of(client.get(page_of(work)).content.decode())
