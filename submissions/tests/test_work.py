import re
from datetime import date

import pytest
from django.core.files.base import ContentFile

from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory
from shuxiang.tests.own_years import make_entry
from shuxiang.tests.pages import text_of
from shuxiang.tests.queries import queries
from submissions.kinds import Grade, Kind, Level
from submissions.models import Attachment, Contributor, Decision, Publication, Version
from submissions.states import Action, State
from submissions.tests.factories import SubmissionFactory, name
from submissions.tests.readers import READERS, audit, author, finance, reader

__all__ = ["audit", "author", "finance"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def work(author):
    return SubmissionFactory(title="赤壁赋", kind=Kind.RECITATION, people=[author], state=State.APPROVED)


def page_of(client, viewer, work, query: str = "") -> str:
    client.force_login(viewer)
    response = client.get(f"/works/{work.pk}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def attach(version, role, content: bytes, original: str = "原件.bin") -> Attachment:
    attachment = Attachment(
        version=version, role=role, original_name=original, size=len(content), sha256="0" * 64, state="ready"
    )
    attachment.file.save("x", ContentFile(content), save=False)
    attachment.rendition.save("x", ContentFile(content))
    return attachment


def test_it_says_what_by_whom_and_when(client, author, work):
    text = text_of(page_of(client, author, work))
    assert "诵读作品 › " not in text
    assert f"我的书香 诵读作品 {work.reference} 赤壁赋 通过 2024 年 2 月 1 日上报，计入 2024 年第一季度" in text
    assert "作者 1 人 贺砚秋 已确认" in text
    assert "登记时只录入了题目，没有文本。" in text


def test_a_picture_handed_in_is_not_taken_for_a_registered_title(client, author, work):
    version = work.versions.get()
    attach(version, Attachment.Role.PICTURE, b"x")
    Version.objects.update(submitted_at="2024-02-01T09:00+08:00")
    text = text_of(page_of(client, author, work))
    assert ("登记时只录入了题目" in text, "没有文字，内容在附件里。" in text) == (False, True)


def test_a_returned_work_says_at_the_top_why_and_how_to_mend_it(client, author, finance):
    work = SubmissionFactory(people=[author], state=State.RETURNED)
    Decision.objects.create(submission=work, action=Action.RETURN, to_state="returned", reason="请补末段。")
    page = page_of(client, author, work)
    assert page.index("请补末段。") < page.index('id="script"')
    top = page[: page.index('id="script"')]
    assert (f'<a href="/works/{work.pk}/edit/">修改后重新上报</a>' in top, "退回意见" in top) == (True, True)
    liaison = CadreFactory(roles=[Role.LIAISON], department=finance)
    assert "由第一作者或代报的人修改后重新上报" in text_of(page_of(client, liaison, work))


@pytest.mark.parametrize(("role", "above"), [(Role.LEADER, "看板"), (Role.OFFICE, "看板"), (Role.LIAISON, "我的书香")])
def test_the_way_back_is_to_where_the_reader_came_from(client, work, finance, role, above):
    text = text_of(page_of(client, CadreFactory(roles=[role], department=finance), work))
    assert f"{above} 诵读作品 {work.reference}" in text


@pytest.mark.parametrize(("role", "place", "status"), READERS)
def test_who_else_sees_it(client, audit, finance, work, role, place, status):
    client.force_login(reader(role, place, department=finance, agency=audit))
    assert client.get(f"/works/{work.pk}/").status_code == status


def test_a_draft_is_its_authors_alone(client, audit, author):
    other = CadreFactory(department=DepartmentFactory(parent=audit))
    draft = SubmissionFactory(people=[author, other], state=State.DRAFT, credit_date=None, quarter="")
    assert "草稿" in text_of(page_of(client, author, draft))
    for viewer in (other, CadreFactory(roles=[Role.OFFICE], department=audit)):
        client.force_login(viewer)
        assert client.get(f"/works/{draft.pk}/").status_code == 404


def test_a_stranger_logs_in_first(client, work):
    assert client.get(f"/works/{work.pk}/")["Location"] == f"/login/?next=/works/{work.pk}/"


@pytest.mark.parametrize("address", ["0", "987654", "9" * 30, "-1", "abc", "1e3", "%00"])
def test_an_address_made_up_is_not_found(client, author, address):
    client.force_login(author)
    assert client.get(f"/works/{address}/").status_code == 404


def test_only_reading_and_nothing_kept(client, author, work):
    client.force_login(author)
    assert client.post(f"/works/{work.pk}/").status_code == 405
    assert "no-store" in client.get(f"/works/{work.pk}/")["Cache-Control"]


def test_the_newest_version_is_shown_and_older_ones_can_be_read(client, author, work):
    Version.objects.filter(submission=work).update(body="初稿。")
    Version.objects.create(
        submission=work,
        number=2,
        title="赤壁赋",
        author="宋 苏轼",
        source="《古文观止》",
        body="壬戌之秋，\n\n七月 既望。",
    )
    newest = page_of(client, author, work)
    assert "第 2 版 · 10 字" in newest
    assert "<p>壬戌之秋，</p><p>七月 既望。</p>" in newest
    assert "原作者 宋 苏轼 录自 《古文观止》" in text_of(newest)
    assert "初稿。" not in newest
    older = page_of(client, author, work, "?version=1")
    assert "初稿。" in older
    assert f'<a href="/works/{work.pk}/?version=1" aria-current="page">' in older


@pytest.mark.parametrize("number", ["3", "0", "", "abc", "２", "1%00"])
def test_a_version_that_is_not_there_is_not_found(client, author, work, number):
    client.force_login(author)
    assert client.get(f"/works/{work.pk}/?version={number}").status_code == 404


def test_the_version_that_was_judged_is_named(client, author, work):
    first = work.versions.get()
    Version.objects.create(submission=work, number=2, title=work.title)
    type(work).objects.filter(pk=work.pk).update(grade=Grade.EXCELLENT, graded_version=first)
    page = page_of(client, author, work)
    assert "第 1 版（评级所据）" in page
    assert '<span class="stamp stamp-gilt">优秀</span>' in page


def test_a_recommendation_names_its_book(client, author):
    work = SubmissionFactory(kind=Kind.RECOMMENDATION, people=[author])
    work.versions.update(
        book_title="梦溪笔谈", publisher="某社", isbn="9787101000000", reason="先问怎么量。", summary="笔记。"
    )
    text = text_of(page_of(client, author, work))
    assert "推荐 第 1 版 · 9 字 书名 梦溪笔谈 出版社 某社 ISBN 9787101000000" in text
    assert "推荐理由 先问怎么量。 内容简介 笔记。" in text
    assert "没有文本" not in text


def test_recordings_and_pictures_stand_in_place_and_documents_are_fetched(client, author, work):
    version = work.versions.get()
    audio = attach(version, Attachment.Role.AUDIO, b"OggS")
    cover = attach(version, Attachment.Role.COVER, b"\x89PNG\r\n\x1a\n")
    letter = attach(version, Attachment.Role.DOCUMENT, b"PK", "心得<b>.docx")
    page = page_of(client, author, work)
    assert f'<audio controls preload="none" src="/media/{audio.pk}/" aria-label="录音">' in page
    assert f'<img src="/media/{cover.pk}/" alt="封面：赤壁赋" loading="lazy">' in page
    assert f'<a href="/media/{letter.pk}/"><bdi>心得&lt;b&gt;.docx</bdi></a>' in page


def test_people_show_whether_they_agreed_and_who_said_so_for_them(client, author, work, finance):
    liaison = CadreFactory(name="许望舒", department=finance)
    others = [CadreFactory(name=each, department=finance) for each in ("温可嘉", "陆景行", "丁叔砚")]
    states = [Contributor.State.NAMED, Contributor.State.CONFIRMED, Contributor.State.DECLINED]
    rows = [
        name(work, each, number + 1, state) for number, (each, state) in enumerate(zip(others, states, strict=True))
    ]
    Contributor.objects.filter(pk=rows[1].pk).update(confirmed_by=liaison, reason="在外驻点，电话核实")
    text = text_of(page_of(client, author, work))
    assert (
        "作者 4 人 贺砚秋 第一作者 已确认 温可嘉 待确认 陆景行 许望舒代为确认：在外驻点，电话核实 已确认 丁叔砚 已谢绝"
    ) in text


def test_the_decisions_are_told_newest_first(client, audit, author, work):
    clerk = CadreFactory(name="叶晓蓉", roles=[Role.OFFICE], department=audit)
    version = work.versions.get()
    for action, state, reason in (
        (Action.RETURN, State.RETURNED, "请补末段。"),
        (Action.SUBMIT, State.PENDING, ""),
        (Action.APPROVE, State.APPROVED, ""),
    ):
        Decision.objects.create(
            submission=work, version=version, actor=author if action == Action.SUBMIT else clerk, action=action,
            to_state=state, reason=reason, grade=Grade.GOOD if action == Action.APPROVE else "",
        )  # fmt: skip
    past = text_of(page_of(client, author, work)).split(" 经过 ")[1]
    assert re.sub(r"\d{4} 年 \d+ 月 \d+ 日 \d\d:\d\d", "某日", past) == (
        "作者、本科室联络员、办公室和领导可见 某日 · 叶晓蓉 通过，评为良好 第 1 版 某日 · 贺砚秋 重新上报 第 1 版 "
        "某日 · 叶晓蓉 退回修改 第 1 版 请补末段。 2024 年 2 月 1 日 首次上报 以此日计入考核期"
    )


def test_the_points_are_those_of_the_ledger_as_far_as_one_may_see_them(client, audit, author, work, finance):
    other = CadreFactory(name="温可嘉", department=finance)
    name(work, other, 1)
    shared = {"reference": work.reference, "fact_kind": Kind.RECITATION, "rule_code": "recitation.base"}
    make_entry(other, "2024Q1", date=date(2024, 2, 1), points="1.00", **shared)
    make_entry(author, "2024Q1", date=date(2024, 2, 1), points="1.00", **shared)
    taken = {"reference": f"{work.reference}/city", "fact_kind": "publication", "rule_code": "publication.city"}
    make_entry(author, "2024Q2", date=date(2024, 4, 1), points="3.00", **taken)
    make_entry(author, "2024Q1", points="7.77", reference=work.reference, fact_kind="attendance")
    make_entry(CadreFactory(department=finance), "2024Q1", points="8.88", **shared)
    Publication.objects.create(
        submission=work, level=Level.CITY, outlet="某报", accepted_on=date(2024, 4, 1), evidence="第 1 版"
    )
    leader = CadreFactory(roles=[Role.LEADER], department=audit)
    text = text_of(page_of(client, leader, work))
    assert (
        "计分与去处 基础分 2.00 2.00 2024年第一季度 · 待封存 · 多人均分 贺砚秋 1.00 温可嘉 1.00 "
        "市级刊发 3.00 3.00 2024年第二季度 · 待封存 贺砚秋 3.00 市级刊发 某报，2024-04-01"
    ) in text
    assert "7.77" not in text
    assert "8.88" not in text
    own = text_of(page_of(client, other, work))
    assert "基础分 2.00 1.00 2024年第一季度 · 待封存 · 多人均分 温可嘉 1.00" in own
    assert "贺砚秋 1.00" not in own


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.PENDING, "审阅通过以后才计入积分"),
        (State.RETURNED, "审阅通过以后才计入积分"),
        (State.APPROVED, "在下一次计算考核期时计入"),
        (State.REJECTED, "只有通过的作品计入积分"),
        (State.WITHDRAWN, "只有通过的作品计入积分"),
    ],
)
def test_without_points_it_says_why(client, author, state, words):
    assert words in page_of(client, author, SubmissionFactory(people=[author], state=state))


def test_the_office_finds_its_desk_but_not_for_an_own_work(client, audit, author, work):
    clerk = CadreFactory(roles=[Role.OFFICE], department=audit)
    assert "在工作台办理" in page_of(client, clerk, work)
    assert "在工作台办理" not in page_of(client, clerk, SubmissionFactory(people=[clerk]))
    assert "在工作台办理" not in page_of(client, clerk, SubmissionFactory(people=[author], entered_by=clerk))
    assert "在工作台办理" not in page_of(client, author, work)


HOSTILE = "<script>alert(1)</script>‮正着读‬" + "Unbroken" * 20


def test_hostile_words_stay_words(client, audit, author):
    work = SubmissionFactory(title=HOSTILE, people=[author])
    work.versions.update(
        title="x", body=HOSTILE, author=HOSTILE[:100], source=HOSTILE, book_title=HOSTILE, reason=HOSTILE
    )
    clerk = CadreFactory(name="<b>某</b>", roles=[Role.OFFICE], department=audit)
    Decision.objects.create(
        submission=work,
        actor=clerk,
        action=Action.RETURN,
        to_state=State.RETURNED,
        reason="<img src=x onerror=alert(1)>",
    )
    page = page_of(client, author, work)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>某</b>" not in page
    assert f"<h1><bdi>{HOSTILE.replace('<', '&lt;').replace('>', '&gt;')}</bdi></h1>" in page


def test_it_takes_the_same_few_queries_for_one_person_and_for_thirty(client, audit, author, work, finance):
    leader = CadreFactory(roles=[Role.LEADER], department=audit)
    client.force_login(leader)
    counts = []
    for people in (range(1, 30), ()):
        counts.append(queries(client, f"/works/{work.pk}/"))
        for number in people:
            other = CadreFactory(department=finance)
            name(work, other, number)
            make_entry(other, "2024Q1", reference=work.reference, fact_kind=Kind.RECITATION)
            version = Version.objects.create(submission=work, number=number + 1, title=work.title)
            attach(version, Attachment.Role.COVER, b"x")
            Decision.objects.create(
                submission=work, actor=other, version=version, action=Action.SUBMIT, to_state="pending"
            )
    assert counts[0] == counts[1] <= 20
