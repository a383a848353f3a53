"""我的书香: the shelf, the due slip and what was returned."""

import re
from datetime import date, datetime

import pytest
import time_machine

from organization.roles import Role
from organization.tests.factories import CadreFactory
from shuxiang.periods import SHANGHAI
from shuxiang.tests.own_years import TODAY, cadre, make_result, page_of
from shuxiang.tests.pages import text_of, words_of
from submissions.kinds import Grade, Kind
from submissions.models import Contributor, Decision, Submission
from submissions.states import State
from submissions.tests.factories import SubmissionFactory, name

__all__ = ["cadre"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(TODAY)]


def spines_of(page: str) -> list[tuple[str, str]]:
    """(classes, words as a reader hears them) of every place on the shelf."""
    found = re.findall(r'<li class="(spine [^"]+)">(.*?)</li>', page, re.DOTALL)
    heard = [(marks, re.sub(r'<span class="title" aria-hidden="true">.*?</span>', "", html)) for marks, html in found]
    return [(re.sub(r" cloth-\d+|spine ", "", marks), words_of(html)) for marks, html in heard]


def test_every_state_stands_on_the_shelf_with_its_word(client, cadre):
    make_result(cadre, "2024Q1", status="exempt", note="请假：在岗 37/91 天", effective_days=37)
    made = {"people": [cadre], "kind": Kind.IDEA, "credit_date": date(2024, 4, 8), "quarter": "2024Q2"}
    SubmissionFactory(**made, title="通过的", state=State.APPROVED)
    graded(SubmissionFactory(**made, title="良好的", state=State.APPROVED), Grade.GOOD)
    graded(SubmissionFactory(**made, title="优秀的", state=State.APPROVED), Grade.EXCELLENT)
    made |= {"quarter": "2024Q3", "credit_date": date(2024, 10, 8)}
    SubmissionFactory(**made, title="补报的", state=State.APPROVED)
    graded(SubmissionFactory(**made, title="又优又迟", state=State.APPROVED), Grade.EXCELLENT)
    made |= {"quarter": "2024Q4", "credit_date": date(2024, 11, 1)}
    SubmissionFactory(**made, title="待审的", state=State.PENDING)
    SubmissionFactory(**made, title="退回的", state=State.RETURNED)
    SubmissionFactory(**made, title="不通过的", state=State.REJECTED)
    SubmissionFactory(**made, title="撤回的", state=State.WITHDRAWN)
    draft = SubmissionFactory(
        people=[cadre], kind=Kind.CREATION, title="草稿", state=State.DRAFT, credit_date=None, quarter=""
    )
    named = SubmissionFactory(kind=Kind.RECITATION, title="同诵", state=State.APPROVED, credit_date=date(2024, 5, 1))
    name(named, CadreFactory(), 0)
    name(named, cadre, 1, Contributor.State.NAMED)
    declined = SubmissionFactory(title="谢绝的", state=State.APPROVED, credit_date=date(2024, 5, 1))
    name(declined, cadre, 0, Contributor.State.DECLINED)
    page = page_of(client, cadre)
    assert spines_of(page) == [
        ("spine-recommendation is-owed", "荐书 应报 12 月 31 日前"),
        ("spine-recitation is-pending", "集体 同诵 待确认"),
        ("is-exempt", "免 请假，在岗 37/91 天"),
        ("spine-essay is-owed", "心得 应报 已过期限"),
        ("spine-idea is-excellent", "建议 优秀的 优秀"),
        ("spine-idea", "建议 通过的 通过"),
        ("spine-idea", "建议 良好的 良好"),
        ("spine-essay is-owed", "心得 应报 已过期限"),
        ("spine-idea is-excellent is-late", "建议 又优又迟 优秀 补报"),
        ("spine-idea is-late", "建议 补报的 补报"),
        ("spine-essay is-owed is-next", "心得 应报 12 月 31 日前"),
        ("spine-idea is-back", "建议 退回的 退回"),
        ("spine-idea is-pending", "建议 待审的 待审"),
        ("spine-creation is-draft", "创作 草稿 草稿"),
    ]
    assert f"cloth-{draft.pk % 10 + 1}" in page


def graded(work, grade):
    work.grade, work.graded_version = grade, work.versions.get()
    work.save(update_fields=["grade", "graded_version"])
    return work


def test_a_long_title_is_cut_and_said_in_full(client, cadre):
    work = SubmissionFactory(people=[cadre], title="为官避事平生耻——读《曾国藩家书》", credit_date=date(2024, 11, 1))
    page = page_of(client, cadre)
    assert '<span class="title" aria-hidden="true">为官避事平…</span>' in page
    assert f'title="{work.title}"' in page
    assert ("spine-essay is-pending", f"心得 {work.title} 待审") in spines_of(page)


def test_more_than_four_books_make_a_pile_that_leads_to_the_list(client, cadre):
    for number in range(7):
        SubmissionFactory(people=[cadre], kind=Kind.IDEA, title=f"建议{number}", credit_date=date(2024, 11, 1))
    page = page_of(client, cadre)
    assert [words for marks, words in spines_of(page) if marks == "spine-idea is-pending"] == [
        f"建议 建议{number} 待审" for number in range(4)
    ]
    assert ("spine-pile", "还有 3 件") in spines_of(page)
    assert 'href="#works-2024Q4"' in page
    assert 'id="works-2024Q4"' in page
    assert all(f"建议{number}</bdi>" in page for number in range(7))


def test_what_fills_the_quota_stands_on_the_shelf_before_more_works_and_drafts(client, cadre):
    for number in range(3):
        draft = {"state": State.DRAFT, "credit_date": None, "quarter": ""}
        SubmissionFactory(people=[cadre], title=f"草稿{number}", **draft)
        SubmissionFactory(people=[cadre], kind=Kind.IDEA, title=f"建议{number}", credit_date=date(2024, 11, 1))
    SubmissionFactory(people=[cadre], title="本季心得", credit_date=date(2024, 11, 2))
    page = page_of(client, cadre)
    spines = [words for marks, words in spines_of(page) if "is-owed" not in marks]
    assert spines == ["心得 本季心得 待审", "建议 建议0 待审", "建议 建议1 待审", "建议 建议2 待审", "还有 3 件"]
    assert 'href="#drafts"><span class="title">还有' in page


def test_the_due_slip_says_what_by_when(client, cadre):
    make_result(cadre, "2024Q1", status="exempt", note="请假：在岗 37/91 天", effective_days=37)
    SubmissionFactory(people=[cadre], kind=Kind.RECITATION, state=State.RETURNED, credit_date=date(2024, 5, 1))
    due = text_of(page_of(client, cadre)).split(" 到期单 ")[1].split(" 积分与缘由 ")[0]
    assert due == (
        "12 月 31 日 第四季度读书心得 还有 41 天 12 月 31 日 全年诵读作品 还有 41 天，退回待改 "
        "12 月 31 日 全年好书推荐 还有 41 天 第一季度免考核：请假：在岗 37/91 天，不到一半。 "
        "在网页上报作品 ，也可以交科室联络员代报。季度结束后 10 天内可以补报，按补报计分。"
    )


def test_what_is_handed_in_is_told_alike_by_the_year_the_slip_the_sheet_and_the_form(client, cadre):
    make_result(cadre, "2024Q4", quotas=[["诵读作品", 1, 0], ["读书心得", 2, 0], ["好书推荐", 1, 0]])
    for state in (State.PENDING, State.RETURNED):
        SubmissionFactory(people=[cadre], state=state, credit_date=date(2024, 11, 1))
    text = text_of(page_of(client, cadre))
    assert "已报 1 项，其中 1 项待审，还差 6 项，其中 1 项退回待改" in text
    assert "第四季度读书心得 还有 41 天，退回待改" in text
    assert "读书心得 每季度，应报 2，已计入 0 待计入 1，还差 1" in text
    assert "另外已报 1 件，退回待改 1 件，这件" in text_of(client.get("/works/new/essay/").content.decode())


def test_a_quarter_that_is_over_waits_for_no_work_of_a_later_one(client, cadre):
    make_result(cadre, "2024Q3", quotas=[["诵读作品", 1, 0], ["读书心得", 0, 0], ["好书推荐", 1, 0]])
    work = SubmissionFactory(people=[cadre], kind=Kind.RECITATION, credit_date=date(2024, 11, 1))
    assert "待计入" not in text_of(page_of(client, cadre))
    Submission.objects.filter(pk=work.pk).update(credit_date=date(2024, 9, 1), quarter="2024Q3")
    assert "诵读作品 每年，应报 1，已计入 0 待计入 1" in text_of(page_of(client, cadre))


def test_a_name_still_to_confirm_takes_no_place_of_a_work_that_counts(client, cadre):
    make_result(cadre, "2024Q4", quotas=[["诵读作品", 1, 0], ["读书心得", 0, 0], ["好书推荐", 0, 0]])
    of_all = SubmissionFactory(
        people=[CadreFactory(department=cadre.postings.get().department), cadre], kind=Kind.RECITATION, title="集体的",
        state=State.APPROVED, credit_date=date(2024, 11, 1),
    )  # fmt: skip
    of_all.contributors.filter(cadre=cadre).update(state=Contributor.State.NAMED)
    SubmissionFactory(people=[cadre], kind=Kind.RECITATION, title="自己的", credit_date=date(2024, 11, 2))
    spines = [words for marks, words in spines_of(page_of(client, cadre)) if "is-owed" not in marks]
    assert [words.split()[1] for words in spines] == ["自己的", "集体的"]


def test_in_january_the_year_before_can_still_be_closed(client, cadre):
    make_result(cadre, "2024Q4", quotas=[["诵读作品", 1, 1], ["读书心得", 1, 0], ["好书推荐", 0, 0]])
    SubmissionFactory(people=[cadre], kind=Kind.RECITATION, state=State.APPROVED, credit_date=date(2024, 11, 1))
    with time_machine.travel(datetime(2025, 1, 10, 9, 0, tzinfo=SHANGHAI), tick=False):
        due = text_of(page_of(client, cadre)).split(" 到期单 ")[1]
        assert due.startswith(
            "1 月 10 日 2024 年第四季度读书心得 今天到期，按补报计分 3 月 31 日 第一季度读书心得 还有 80 天"
        )
    with time_machine.travel(datetime(2025, 1, 11, 9, 0, tzinfo=SHANGHAI), tick=False):
        due = text_of(page_of(client, cadre)).split(" 到期单 ")[1]
        assert due.startswith("3 月 31 日 第一季度读书心得 还有 79 天")


def test_a_returned_work_stands_first_with_its_reason(client, cadre):
    work = SubmissionFactory(people=[cadre], title="秋声赋", state=State.RETURNED, credit_date=date(2024, 11, 1))
    office = CadreFactory(roles=[Role.OFFICE])
    for reason in ("旧的理由", "请补<b>末段</b>"):
        Decision.objects.create(submission=work, actor=office, action="return", to_state="returned", reason=reason)
    page = page_of(client, cadre)
    assert page.index("退回修改") < page.index('class="shelf"')
    assert "请补&lt;b&gt;末段&lt;/b&gt;" in page
    assert "旧的理由" not in page


def test_a_returned_work_asks_nothing_of_who_declined_it(client, cadre):
    work = SubmissionFactory(people=[CadreFactory()], state=State.RETURNED, credit_date=date(2024, 11, 1))
    name(work, cadre, 1, Contributor.State.DECLINED)
    assert 'id="returned-' not in page_of(client, cadre)


def test_a_refused_work_is_listed_with_its_reason_and_not_shelved(client, cadre):
    work = SubmissionFactory(people=[cadre], title="抄来的", state=State.REJECTED, credit_date=date(2024, 11, 1))
    Decision.objects.create(submission=work, action="reject", to_state="rejected", reason="与网文雷同")
    page = page_of(client, cadre)
    assert "不通过" in text_of(page)
    assert "与网文雷同" in text_of(page)
    assert not any("抄来的" in words for _, words in spines_of(page))


HOSTILE = "<script>alert(1)</script>‮正着读" + "Unbroken" * 20


def test_hostile_titles_stay_text_on_the_shelf(client, cadre):
    SubmissionFactory(people=[cadre], title=HOSTILE, state=State.RETURNED, credit_date=date(2024, 11, 1))
    page = page_of(client, cadre)
    assert "<script>alert" not in page
    assert '<span class="title" aria-hidden="true">&lt;script&gt;al…</span>' in page
    before = re.findall(r"(.{5})&lt;script&gt;alert\(1\)&lt;/script&gt;‮", page)
    assert sorted(set(before)) == ["<bdi>", 'tle="']


def test_somebody_elses_draft_and_works_are_not_shown(client, cadre):
    other = CadreFactory()
    draft = SubmissionFactory(
        people=[other, cadre], title="别人的草稿", state=State.DRAFT, credit_date=None, quarter=""
    )
    SubmissionFactory(people=[other], title="别人的作品", credit_date=date(2024, 11, 1), entered_by=cadre)
    page = page_of(client, cadre)
    assert "别人的" not in page
    type(draft).objects.filter(pk=draft.pk).update(entered_by=cadre)
    assert "别人的草稿" in page_of(client, cadre)
