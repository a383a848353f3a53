"""Earlier works that share long passages, beside the work under review."""

from datetime import date, datetime, timedelta

import pytest

from organization.roles import Role
from organization.tests.factories import CadreFactory, bureau
from shuxiang.periods import SHANGHAI
from shuxiang.tests.pages import words_of
from shuxiang.tests.queries import queries
from submissions.kinds import Kind
from submissions.models import Attachment, Fingerprint, Submission, Version
from submissions.passages import LONG
from submissions.services.likeness import likenesses, print_versions, unprinted
from submissions.states import State
from submissions.tasks import print_rest
from submissions.tests.decisions import submit_again
from submissions.tests.factories import SubmissionFactory
from submissions.tests.review_desk import office, other_agencys_work, page_of

__all__ = ["office"]
pytestmark = pytest.mark.django_db
NOW = datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)
PASSAGE = "那年冬天我在村口的磅秤旁边站了一整天才明白书里说的信用原来是一袋一袋称出来的"
OTHER = "这一段只有这一件作品里有别处都没有写过也没有人抄过所以不会在任何地方再次出现"


def written(*people, body, **values) -> Version:
    work = SubmissionFactory(people=people, **values)
    work.versions.update(body=body)
    print_rest()
    return work.versions.get()


def test_it_stands_beside_with_the_passage_marked(client, office):
    author = CadreFactory(name="温可嘉", department=office.department)
    written(author, body=f"起初。{PASSAGE}。结尾。", title="旧作", state=State.APPROVED, credit_date=date(2021, 3, 1))
    later = written(office.author, body=f"另一个开头。\n{PASSAGE[:20]}，{PASSAGE[20:]}！{OTHER}", title="新作")
    page = client.get(page_of(later.submission)).content.decode()
    text = words_of(page[page.index("相似的作品") :])
    assert f"旧作 温可嘉，2021 年 3 月 1 日，通过 相同 {len(PASSAGE)} 字（不计标点），占本文 47%" in text
    assert f"<mark>{PASSAGE[:20]}，{PASSAGE[20:]}</mark>" in page
    assert f"<mark>{PASSAGE}</mark>" in page
    assert "由您判断" in text


def test_own_works_of_other_years_are_said_to_be_own(office):
    written(office.author, body=PASSAGE, credit_date=date(2020, 3, 1))
    later = written(office.author, body=f"{OTHER}{PASSAGE}")
    (found,) = likenesses(later, office.clerk)
    assert (found.is_own, found.shared) == (True, len(PASSAGE))


def test_later_works_own_versions_and_drafts_are_not_shown(office):
    first = written(office.author, body=PASSAGE)
    written(CadreFactory(department=office.department), body=PASSAGE, state=State.DRAFT)
    second = Version.objects.create(submission=first.submission, number=2, title="改", body=PASSAGE)
    written(CadreFactory(department=office.department), body=PASSAGE)
    print_rest()
    assert likenesses(first, office.clerk) == likenesses(second, office.clerk) == []


def test_the_day_of_handing_in_decides_what_is_earlier(office):
    """A draft begun first and filled from a colleague's work, handed in after it, is the later one."""
    begun_first = written(office.author, body=PASSAGE)
    handed_in_first = written(CadreFactory(department=office.department), body=PASSAGE)
    Version.objects.filter(pk=begun_first.pk).update(submitted_at=NOW)
    Version.objects.filter(pk=handed_in_first.pk).update(submitted_at=NOW - timedelta(days=2))
    later, earlier = (Version.objects.get(pk=each.pk) for each in (begun_first, handed_in_first))
    assert [each.version for each in likenesses(later, office.clerk)] == [earlier]
    assert likenesses(earlier, office.clerk) == []


def test_works_out_of_sight_are_not_shown(office):
    foreign = other_agencys_work()
    foreign.versions.update(body=PASSAGE)
    print_rest()
    office_of_an_agency = likenesses(written(office.author, body=PASSAGE), office.author)
    assert office_of_an_agency == []


def test_a_recited_text_is_nobodys_copy_but_a_second_recitation_is_told(office):
    other = CadreFactory(department=office.department)
    written(other, body=PASSAGE, kind=Kind.RECITATION)
    essay = written(other, body=f"读到{PASSAGE}，我想", kind=Kind.ESSAY)
    mine = written(office.author, body=PASSAGE, kind=Kind.RECITATION)
    again = written(office.author, body=PASSAGE, kind=Kind.RECITATION)
    assert likenesses(essay, office.clerk) == []
    assert likenesses(mine, office.clerk) == []
    assert [each.version for each in likenesses(again, office.clerk)] == [mine]


def test_documents_are_compared_once_they_are_read(office):
    earlier = written(office.author, body="短")
    Version.objects.filter(pk=earlier.pk).update(is_printed=False)
    document = Attachment.objects.create(
        version=earlier, role="document", original_name="a", size=1, sha256="0" * 64, state=Attachment.State.PROCESSING
    )
    print_rest()
    assert Fingerprint.objects.count() == 0
    Attachment.objects.filter(pk=document.pk).update(state=Attachment.State.READY, text=PASSAGE)
    print_rest()
    later = written(CadreFactory(department=office.department), body=PASSAGE)
    assert [each.version for each in likenesses(later, office.clerk)] == [earlier]


def test_handing_in_stores_the_fingerprints_at_once(office):
    work = office.work(state=State.RETURNED)
    work.versions.update(body=PASSAGE)
    submit_again(submission=work, author=office.author, now=NOW)
    assert Fingerprint.objects.filter(version__submission=work).exists()
    assert list(unprinted()) == []


def test_printing_twice_adds_nothing(office):
    version = written(office.author, body=PASSAGE)
    before = Fingerprint.objects.count()
    Version.objects.filter(pk=version.pk).update(is_printed=False)
    assert print_versions(unprinted()) == 1
    assert (Fingerprint.objects.count(), print_versions(unprinted())) == (before, 0)


def test_a_page_without_likeness_says_nothing_of_it(client, office):
    written(office.author, body=PASSAGE)
    page = client.get(page_of(written(office.author, body=OTHER).submission)).content.decode()
    assert 'id="likeness"' not in page


def test_what_is_shared_is_escaped(client, office):
    written(office.author, body=f"<b>{PASSAGE}</b>")
    page = client.get(page_of(written(office.author, body=f"{PASSAGE}<script>x</script>").submission))
    assert ("<script>x" in page.content.decode(), "&lt;script&gt;x" in page.content.decode()) == (False, True)


def test_many_alike_take_as_many_queries_as_one(client, office):
    def asked(version) -> int:
        return queries(client, page_of(version.submission))

    written(CadreFactory(department=office.department), body=PASSAGE)
    first = asked(written(office.author, body=PASSAGE))
    for _ in range(30):
        written(CadreFactory(department=office.department), body=PASSAGE + OTHER)
    last = written(office.author, body=PASSAGE)
    assert asked(last) == first
    assert len(likenesses(last, office.clerk)) == 5


def test_the_likest_comes_first(office):
    half = written(CadreFactory(department=office.department), body=PASSAGE[:LONG])
    whole = written(CadreFactory(department=office.department), body=PASSAGE)
    last = written(office.author, body=PASSAGE)
    assert [each.version for each in likenesses(last, office.clerk)] == [whole, half]
    assert Submission.objects.count() == 3


def test_who_may_not_review_sees_none(client, office):
    written(office.author, body=PASSAGE)
    version = written(office.author, body=PASSAGE)
    client.force_login(CadreFactory(roles=[Role.LIAISON], department=bureau()))
    assert "相似的作品" not in client.get(f"/works/{version.submission_id}/").content.decode()
