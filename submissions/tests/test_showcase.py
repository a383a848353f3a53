from datetime import date, datetime

import pytest
from django.core.files.base import ContentFile

from organization.models import Cadre, Posting
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import SHANGHAI
from shuxiang.tests.addresses import read_out
from shuxiang.tests.pages import text_of
from shuxiang.tests.queries import queries
from submissions.kinds import Grade, Kind
from submissions.models import Attachment, Contributor, Decision, Submission, Version
from submissions.services.search import index_works
from submissions.states import State
from submissions.tasks import index
from submissions.tests.decisions import approve, reopen
from submissions.tests.factories import SubmissionFactory, name

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)


@pytest.fixture
def law():
    return DepartmentFactory(name="法规审理科", parent=bureau())


@pytest.fixture
def author(law):
    return CadreFactory(name="黎嘉怡", department=law)


@pytest.fixture
def reader(client):
    person = CadreFactory(department=DepartmentFactory(name="办公室", parent=bureau()))
    client.force_login(person)
    return person


def shown(*people, **values) -> Submission:
    grade = values.pop("grade", "")
    work = SubmissionFactory(people=people, **{"state": State.APPROVED, "show_in_showcase": True} | values)
    if grade:
        Submission.objects.filter(pk=work.pk).update(grade=grade, graded_version=work.versions.get())
    index_works(Submission.objects.filter(pk=work.pk))
    return work


def titles(client, query="") -> list[str]:
    page = client.get(f"/works/{query}")
    assert page.status_code == 200
    return [row.title for row in page.context["rows"]]


def test_only_approved_works_whose_authors_agreed(client, author, reader):
    for state in State:
        for agreed in (True, False):
            shown(author, title=f"{state}{agreed}", state=state, show_in_showcase=agreed)
    assert titles(client) == ["approvedTrue"]


def test_before_the_first_one_it_says_how_one_comes_here(client, reader):
    text = text_of(client.get("/works/").content.decode())
    assert "还没有展示的作品。上报时勾选“同意在书香展示”，通过审阅以后就会出现在这里。" in text
    assert "没有符合这些条件的作品。" in text_of(client.get("/works/?q=无").content.decode())


def test_a_row_says_who_where_when_and_how_it_begins(client, author, reader):
    work = shown(author, title="知止而后有定", grade=Grade.EXCELLENT)
    work.versions.update(body="第一句。\n\n" + "读" * 200)
    text = text_of(client.get("/works/").content.decode())
    assert "共 1 件，新的在前 知止而后有定 第一句。 读" in text
    assert "读… 优秀 读书心得 黎嘉怡 · 法规审理科 2024 年 2 月 1 日" in text


def test_kinds_years_departments_and_the_excellent_ones(client, author, law, reader):
    other = CadreFactory(department=DepartmentFactory(parent=bureau()))
    shown(author, title="甲", kind=Kind.RECITATION, credit_date=date(2023, 12, 31))
    shown(other, title="乙", credit_date=date(2024, 1, 1), grade=Grade.EXCELLENT)
    shown(other, title="丙", credit_date=date(2024, 1, 2), grade=Grade.GOOD, owner_department=law)
    assert titles(client) == ["丙", "乙", "甲"]
    assert titles(client, "?kind=recitation") == ["甲"]
    assert titles(client, "?year=2023") == ["甲"]
    assert titles(client, "?year=2024&excellent=1") == ["乙"]
    assert titles(client, f"?department={law.pk}") == ["丙", "甲"]
    assert titles(client, f"?department={bureau().pk}") == ["丙", "乙", "甲"]
    assert titles(client, f"?department={law.pk}&kind=recitation&q=甲") == ["甲"]


def test_the_department_is_that_of_the_day(client, author, law, reader):
    shown(author, title="从前", credit_date=date(2024, 2, 1))
    Posting.objects.filter(cadre=author).update(until=date(2024, 3, 1))
    now = DepartmentFactory(name="新科", parent=bureau())
    Posting.objects.create(cadre=author, department=now, since=date(2024, 3, 2))
    assert (titles(client, f"?department={law.pk}"), titles(client, f"?department={now.pk}")) == (["从前"], [])


@pytest.mark.parametrize(
    "query", ["?kind=x&year=2024x&department=9999999999999999999999&excellent=2", "?q=%00", "?page=x"]
)
def test_nonsense_in_the_address_is_left_out(client, author, reader, query):
    shown(author, title="甲")
    assert titles(client, query) == ["甲"]


@pytest.mark.parametrize(
    "text",
    [
        "大学", "读大学", "《大学》", "知止", "ZHIZHI", "zhizhierhou", "zzehyd", "黎嘉怡", "lijiayi", "li jiayi", "ljy",
        "礼记", "朱熹", "zhuxi", "四书章句集注", "嘉怡 大学", "ｄａｘｕｅ",
    ],
)  # fmt: skip
def test_a_search_knows_titles_people_books_pinyin_and_initials(client, author, reader, text):
    work = SubmissionFactory(
        people=[author], title="知止而后有定——读《大学》", state=State.APPROVED, show_in_showcase=True
    )
    work.versions.update(book_title="礼记", author="朱熹", source="四书章句集注")
    index()
    shown(CadreFactory(name="温可嘉"), title="取与予之间")
    assert titles(client, f"?q={text}") == ["知止而后有定——读《大学》"]


@pytest.mark.parametrize("text", ["《》", "%", "_", "\\", "知 予", "x" * 300])
def test_what_nothing_matches_finds_nothing(client, author, reader, text):
    shown(author, title="知止")
    page = client.get("/works/", {"q": text})
    assert page.context["rows"] == []


def test_a_name_is_found_by_all_its_readings(client, reader):
    shown(CadreFactory(name="曾单"), title="甲")
    assert [titles(client, f"?q={way}") for way in ("zengshan", "zengdan", "cengdan", "zs")] == [["甲"]] * 4


def test_the_search_text_follows_a_new_name_by_night_and_leaves_time_stamps(author):
    work = shown(author, title="知止")
    before = Submission.objects.get(pk=work.pk)
    Cadre.objects.filter(pk=author.pk).update(name="黎嘉仪")
    index()
    after = Submission.objects.get(pk=work.pk)
    assert ("黎嘉仪" in after.search_text, "黎嘉怡" in after.search_text) == (True, False)
    assert (after.changed_at, after.revision) == (before.changed_at, before.revision)
    assert index_works(Submission.objects.showcased()) == 0


def test_approval_brings_a_work_in_and_taking_it_back_takes_it_out(client, author, reader):
    clerk = CadreFactory(roles=[Role.OFFICE], department=bureau())
    work = SubmissionFactory(people=[author], title="知止", show_in_showcase=True)
    assert titles(client, "?q=zhizhi") == []
    approve(submission=work, reviewer=clerk, now=NOW)
    assert titles(client, "?q=zhizhi") == ["知止"]
    reopen(submission=work, reviewer=clerk, reason="评级有误。", now=NOW)
    assert (titles(client), client.get(f"/works/{work.pk}/").status_code) == ([], 404)


def test_declined_people_are_named_nowhere(client, author, reader):
    work = shown(author, title="甲")
    gone = CadreFactory(name="不愿署名")
    name(work, gone, 1, Contributor.State.DECLINED)
    index()
    assert titles(client, "?q=不愿署名") == []
    for url in ("/works/", f"/works/{work.pk}/"):
        assert "不愿署名" not in client.get(url).content.decode()


def with_file(version, role) -> Attachment:
    attachment = Attachment(version=version, role=role, original_name="原件", size=3, sha256="0" * 64, state="ready")
    attachment.file.save("x", ContentFile(b"original"), save=False)
    attachment.rendition.save("y", ContentFile(b"rendition"))
    return attachment


def test_a_colleague_sees_text_media_and_people_and_nothing_else(client, author, reader):
    work = shown(author, title="知止", kind=Kind.RECITATION)
    old = work.versions.get()
    version = Version.objects.create(submission=work, number=2, title="知止", body="第二版的正文。")
    Version.objects.filter(pk=old.pk).update(body="第一版的正文。")
    clerk = CadreFactory(name="审阅的人")
    Decision.objects.create(
        submission=work, actor=clerk, action="return", to_state="returned", reason="请补末段。", version=old
    )
    files = {role: with_file(version, role) for role in ("audio", "picture", "document")}
    old_file = with_file(old, "audio")
    page = client.get(f"/works/{work.pk}/?version=1").content.decode()
    text = text_of(page)
    assert ("第二版的正文。" in text, "黎嘉怡" in text, str(files["audio"].pk) in page) == (True, True, True)
    for hidden in ("第一版", "请补末段", "审阅的人", "退回", "download", str(files["document"].pk), str(old_file.pk)):
        assert hidden not in page
    expected = {"audio": (200, 404), "picture": (200, 404), "document": (404, 404)}
    for role, file in files.items():
        responses = [client.get(f"/media/{file.pk}/"), client.get(f"/media/{file.pk}/?download")]
        assert tuple(each.status_code for each in responses) == expected[role], role
        for response in responses:
            read_out(response)
    assert client.get(f"/media/{old_file.pk}/").status_code == 404
    client.logout()
    assert client.get(f"/works/{work.pk}/").status_code == 302


def test_an_essay_in_a_document_shows_its_text_and_no_empty_place_for_pictures(client, author, reader):
    work = shown(author, title="知止")
    Attachment.objects.create(
        version=work.versions.get(), role="document", original_name="原件.docx", size=1, sha256="0" * 64,
        state=Attachment.State.READY, html="<p>文档里的正文。</p>", text="文档里的正文。",
    )  # fmt: skip
    page = client.get(f"/works/{work.pk}/").content.decode()
    assert ("文档里的正文。" in page, "原件.docx" in page, 'id="files"' in page) == (True, False, False)


def test_a_recording_still_being_processed_says_so(client, author, reader):
    work = shown(author, title="知止", kind=Kind.RECITATION)
    Attachment.objects.create(
        version=work.versions.get(), role="audio", original_name="a", size=1, sha256="0" * 64,
        state=Attachment.State.PROCESSING,
    )  # fmt: skip
    assert "录音还在处理，请过一会儿再来看。" in client.get(f"/works/{work.pk}/").content.decode()


def test_the_list_takes_few_queries_however_many_works(client, author, reader):
    asked = ("", "?q=zhi", "?kind=essay&year=2024&excellent=1", f"?department={bureau().pk}", "?page=9")
    shown(author, title="知止", grade=Grade.EXCELLENT)
    first = {query: queries(client, f"/works/{query}") for query in asked}
    for number in range(199):
        shown(author, CadreFactory(), title=f"知止 {number}", grade=Grade.EXCELLENT)
    assert {query: queries(client, f"/works/{query}") for query in asked} == first
    assert max(first.values()) <= 10, first


def test_pages_keep_what_was_chosen(client, author, reader):
    for number in range(41):
        shown(author, title=f"知止 {number}")
    page = client.get("/works/?q=zhizhi&page=2").content.decode()
    assert ("第 2 页，共 3 页" in page, 'href="?q=zhizhi&amp;page=3"' in page) == (True, True)
