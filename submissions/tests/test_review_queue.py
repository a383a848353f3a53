"""The review desk's queue: what waits for whom, in which order, and how its address filters it."""

from datetime import UTC, date, datetime
from urllib.parse import urlencode

import pytest
from django.contrib.contenttypes.models import ContentType

from organization.roles import Role
from organization.tests.factories import CadreFactory
from shuxiang.tests.queries import queries
from shuxiang.tests.test_pages_markup import Page
from submissions.kinds import Grade, Kind
from submissions.models import Attachment, Contributor, Decision, Submission, Version
from submissions.states import Action, State
from submissions.tests.decisions import submit_again
from submissions.tests.factories import name
from submissions.tests.review_desk import (
    BULK,
    CHANGELIST,
    OWN_WAYS,
    QUEUE,
    Office,
    faults,
    make_own,
    office,
    other_agencys_work,
)

__all__ = ["office"]
TODAY = datetime(2024, 3, 11, 2, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.at(TODAY)]


def titles(client, address="") -> list[str]:
    return [row.submission.title for row in client.get(QUEUE + address).context["rows"]]


def counts(client, address="") -> dict[str, int]:
    context = client.get(QUEUE + address).context
    return {tab.label: tab.count for tab in [*context["shows"], *context["kinds"]]}


def one_of_each(office: Office) -> None:
    office.work(title="新报的", credit_date=date(2024, 3, 9))
    office.work(title="等了很久", credit_date=date(2024, 3, 5), kind=Kind.RECITATION)
    office.work(title="等了五天", credit_date=date(2024, 3, 6))
    name(office.work(title="缺确认", credit_date=date(2024, 3, 8)), CadreFactory(), 1, Contributor.State.NAMED)
    office.work(title="退回的", state=State.RETURNED)
    office.work(title="未评级", state=State.APPROVED, kind=Kind.IDEA)
    rated = office.work(title="已评级", state=State.APPROVED)
    Submission.objects.filter(pk=rated.pk).update(grade=Grade.GOOD, graded_version=rated.versions.get())
    office.work(title="草稿", state=State.DRAFT)
    office.work(title="不通过的", state=State.REJECTED)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ["等了很久", "等了五天", "缺确认", "新报的"]),
        ("?show=returned", ["退回的"]),
        ("?show=overdue", ["等了很久"]),
        ("?show=unconfirmed", ["缺确认"]),
        ("?show=unrated", ["未评级"]),
        ("?kind=recitation", ["等了很久"]),
        ("?show=unrated&kind=essay", []),
        ("?q=确认", ["缺确认"]),
        ("?q=秦越", ["等了很久", "等了五天", "缺确认", "新报的"]),
        ("?show=nonsense&kind=nonsense&page=nonsense&q=", ["等了很久", "等了五天", "缺确认", "新报的"]),
        ("?q=%00%FF", []),
        ("?q=" + "长" * 5000, []),
    ],
)
def test_filters_keep_the_oldest_first(address, expected, client, office):
    one_of_each(office)
    assert titles(client, address) == expected


def test_counts_say_what_each_filter_would_show(client, office):
    one_of_each(office)
    shows = {"待审": 4, "已退回": 1, "等待超过 5 天": 1, "缺成员确认": 1, "待评级": 1}
    assert counts(client) == shows | {"诵读": 1, "心得": 3, "荐书": 0, "创作": 0, "建议": 0}
    assert counts(client, "?show=unrated&kind=idea") == shows | {"诵读": 0, "心得": 0, "荐书": 0, "创作": 0, "建议": 1}


def test_the_queue_of_one_period_keeps_to_it_and_leads_back_to_all(client, office):
    office.work(title="上季的", credit_date=date(2023, 12, 9))
    office.work(title="今年的", credit_date=date(2024, 3, 9))
    assert titles(client, "?period=2023Q4") == titles(client, "?period=2023") == ["上季的"]
    assert (counts(client, "?period=2023Q4")["待审"], counts(client, "?period=2023Q4")["心得"]) == (1, 1)
    assert titles(client, "?period=abc") == ["上季的", "今年的"]
    page = client.get(QUEUE + "?show=pending&q=上季&period=2023Q4").content.decode()
    assert "只列计入 2023 年第四季度的作品。" in page
    assert f'href="?{urlencode({"q": "上季"})}">看全部考核期' in page
    assert '<input type="hidden" name="period" value="2023Q4">' in page


def test_an_approved_work_still_lacks_the_confirmation_of_its_members(client, office):
    name(office.work(title="已通过", state=State.APPROVED), CadreFactory(), 1, Contributor.State.NAMED)
    assert titles(client, "?show=unconfirmed") == ["已通过"]
    assert counts(client)["缺成员确认"] == 1


def test_a_work_handed_in_again_waits_from_that_day(client, office):
    again = office.work(title="改好再报", credit_date=date(2024, 2, 1), state=State.RETURNED)
    office.work(title="早报的", credit_date=date(2024, 3, 1))
    submit_again(submission=again, author=office.author, now=TODAY)
    assert titles(client) == ["早报的", "改好再报"]
    assert [row.days for row in client.get(QUEUE).context["rows"]] == [10, 0]


def test_a_register_imported_today_does_not_start_the_wait_anew(client, office):
    work = office.work(credit_date=date(2024, 3, 1))
    Decision.objects.create(submission=work, action=Action.REGISTER, to_state=State.PENDING)
    assert [row.days for row in client.get(QUEUE).context["rows"]] == [10]


def test_a_row_tells_people_place_length_and_what_to_mind(client, office):
    work = office.work(credit_date=date(2024, 1, 5), quarter="2023Q4")
    for position in range(1, 4):
        name(work, CadreFactory(), position, Contributor.State.NAMED)
    version = Version.objects.create(submission=work, number=2, title="改稿", body="一 二\n三", reason="四")
    Attachment.objects.create(version=version, role="document", original_name="a.docx", size=1, sha256="0" * 64)
    (row,) = client.get(QUEUE).context["rows"]
    assert (row.authors, row.department, row.length) == ("秦越 等 4\xa0人", "法规审理科", "4 字")
    assert row.hints == ["缺 3 人确认", "补报", "第 2 版", "含附件"]
    Attachment.objects.create(version=version, role="audio", original_name="a.mp3", size=2048, sha256="0" * 64)
    assert client.get(QUEUE).context["rows"][0].length == "录音"
    Attachment.objects.filter(role="audio").update(duration_ms=200_400)
    assert client.get(QUEUE).context["rows"][0].length == "录音 3 分 20 秒"


def test_a_collective_work_bears_its_owners_name(client, office):
    Submission.objects.filter(pk=office.work().pk).update(owner_department=office.department)
    assert client.get(QUEUE).context["rows"][0].authors == "法规审理科 1\xa0人"


@pytest.mark.parametrize("way", OWN_WAYS)
def test_an_own_work_is_shown_without_a_box_to_tick(way, client, office):
    work = make_own(office.work(), office.clerk, way)
    page = client.get(QUEUE).content.decode()
    assert (work.title in page, f"{work.pk}:" in page) == (True, False)


def test_another_agencys_works_are_neither_shown_nor_counted(client):
    foreign = other_agencys_work()
    ours = other_agencys_work()
    place = ours.contributors.get().cadre.postings.get().department
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=place))
    assert titles(client) == [ours.title]
    assert counts(client)["待审"] == 1
    assert titles(client, f"?q={foreign.reference}") == []


def test_the_menu_leads_to_the_queue_with_its_count(client, office):
    office.work()
    for address in ("/admin/", CHANGELIST, QUEUE):
        models = [model for app in client.get(address).context["available_apps"] for model in app["models"]]
        assert [(each["admin_url"], each["count"]) for each in models if each["name"] == "审阅台"] == [(QUEUE, 1)]
    assert client.get(QUEUE).context["opened"] == QUEUE
    assert client.get(CHANGELIST).context["opened"] == CHANGELIST


def test_an_administrator_has_no_queue_even_with_the_offices_role(client, office):
    client.force_login(CadreFactory(roles=[Role.OFFICE, Role.AUDIT], department=office.department))
    assert (client.get(QUEUE).status_code, client.post(BULK).status_code) == (403, 403)
    assert "审阅台" not in client.get("/admin/").content.decode()


def test_pages_keep_the_filter(client, office):
    for _ in range(31):
        office.work(kind=Kind.IDEA)
    response = client.get(QUEUE + "?kind=idea&q=读后")
    assert len(response.context["rows"]) == 30
    following = next(each["href"] for each in Page(response.content.decode()).all("a") if each.get("rel") == "next")
    assert len(titles(client, following)) == 1
    assert len(titles(client, "?page=99")) == 1


@pytest.mark.parametrize("address", ["", "?show=overdue", "?kind=idea", "?q=没有的"])
def test_an_empty_queue_says_what_to_do(address, client, office):
    page = client.get(QUEUE + address).content.decode()
    assert ('class="strip' in page, "<table id=" in page) == (True, False)
    assert faults(page) == []


def test_a_hostile_title_stays_text(client, office):
    office.work(title='<script>alert("x")</script>')
    page = client.get(QUEUE + '?q="><script>').content.decode() + client.get(QUEUE).content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert" in page


def test_the_queue_asks_as_much_for_30_rows_as_for_1(client, office):
    def asked() -> int:
        ContentType.objects.clear_cache()
        return queries(client, QUEUE)

    def add(number: int) -> None:
        work = office.work(people=[CadreFactory(department=office.department) for _ in range(2)])
        Attachment.objects.create(
            version=work.versions.get(), role="document", original_name="a", size=number, sha256="0" * 64
        )

    add(1)
    first = asked()
    for number in range(29):
        add(number)
    assert (asked(), len(client.get(QUEUE).context["rows"])) == (first, 30)


def test_the_page_is_sound_and_free_of_inline_code(client, office):
    one_of_each(office)
    assert faults(client.get(QUEUE).content.decode()) == []
