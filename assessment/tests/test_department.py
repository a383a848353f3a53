"""The liaison's page: who owes what, why and by when, and a private reminder once a day."""

from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse

from notices.models import Notice, Reminder
from notices.services.reminding import remind
from organization.models import Cadre, Leave, Posting
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import SHANGHAI
from shuxiang.tests.own_years import make_result
from shuxiang.tests.pages import text_of
from shuxiang.tests.queries import queries
from submissions.kinds import Kind
from submissions.models import Contributor
from submissions.states import State
from submissions.tests.factories import SubmissionFactory, name

TODAY = datetime(2024, 11, 20, 9, 0, tzinfo=SHANGHAI)
ESSAY = "第四季度读书心得"
pytestmark = [pytest.mark.django_db, pytest.mark.at(TODAY)]


class Section:
    def __init__(self):
        self.department = DepartmentFactory(name="法规审理科", parent=bureau())
        self.below = DepartmentFactory(name="审理中心", parent=self.department)
        self.liaison = CadreFactory(name="詹伟杰", roles=[Role.CADRE, Role.LIAISON], department=self.department)
        self.colleague = CadreFactory(name="柳素云", department=self.below)
        self.stranger = CadreFactory(name="别科的人", department=DepartmentFactory(parent=bureau()))


@pytest.fixture
def section(client) -> Section:
    section = Section()
    client.force_login(section.liaison)
    return section


def page_of(client) -> str:
    response = client.get("/department/")
    assert response.status_code == 200
    return response.content.decode()


def handed_in(*people, **values):
    return SubmissionFactory(people=people, **{"credit_date": date(2024, 10, 9)} | values)


def reminded(client, cadre, item=ESSAY):
    return client.post("/department/remind/", {"cadre": cadre.pk, "item": item}, follow=True).content.decode()


def test_it_says_who_owes_what_and_by_when(client, section):
    handed_in(section.colleague, title="知止", state=State.APPROVED)
    text = text_of(page_of(client))
    assert text.startswith("法规审理科 2024 年在岗 2 人，到本季度应报 12 项，已报 1 项，还差 11 项。")
    own = text[text.index("柳素云") :]
    assert "柳素云 " + section.colleague.employee_number + " · 审理中心 应报 6，已报 1" in own
    assert "心得 知止" in own
    assert "全年诵读作品， 12 月 31 日 前 还有 41 天" in own
    assert ESSAY not in own
    assert "别科的人" not in text


def test_exempt_returned_and_unconfirmed_say_why(client, section):
    Leave.objects.create(cadre=section.colleague, category="产假", since=date(2024, 7, 1), until=date(2024, 9, 30))
    handed_in(section.colleague, state=State.RETURNED)
    together = handed_in(section.liaison, title="集体诵读", kind=Kind.RECITATION)
    name(together, section.colleague, 1, Contributor.State.NAMED)
    text = text_of(page_of(client))
    own = text[text.index("柳素云") :]
    assert "第三季度免考核：请假：在岗 0/92 天" in own
    assert ("退回待改 1" in own, f"{ESSAY}， 12 月 31 日 前，退回待改" in own) == (True, True)
    assert "等本人确认署名： 集体诵读" in own


def test_a_draft_is_the_writers_own_business(client, section):
    handed_in(section.colleague, title="还在写", state=State.DRAFT, credit_date=date(2024, 10, 9))
    page = page_of(client)
    assert ("还在写" in page, "草稿" in page) == (False, False)


def test_an_assessed_quarter_is_taken_as_its_sheet_has_it(client, section):
    make_result(section.colleague, "2024Q4", quotas=[["读书心得", 3, 0]])
    assert f"{ESSAY} 3 项" in text_of(page_of(client))


def test_in_january_the_year_before_is_still_asked_for(client, section):
    with time_machine.travel(datetime(2025, 1, 6, 9, 0, tzinfo=SHANGHAI), tick=False):
        client.force_login(section.liaison)
        assert "2024 年第四季度读书心得， 1 月 10 日 前，按补报计分" in text_of(page_of(client))


def test_one_click_is_one_private_notice(client, section):
    page = reminded(client, section.colleague)
    assert f"已提醒柳素云：{ESSAY}。只有本人能看到。" in page
    assert "今天已提醒" in page
    notice = Notice.objects.get()
    assert (notice.recipient, notice.subject, notice.address) == (section.colleague, f"提醒：{ESSAY}", "/me/")
    assert notice.body == "还差 1 项，12 月 31 日前上报。詹伟杰提醒。"


def test_once_a_day_and_item(client, section):
    reminded(client, section.colleague)
    assert "今天已经提醒过柳素云" in reminded(client, section.colleague)
    reminded(client, section.colleague, "全年诵读作品")
    assert Notice.objects.count() == Reminder.objects.count() == 2
    with time_machine.travel(datetime(2024, 11, 21, 0, 1, tzinfo=SHANGHAI), tick=False):
        client.force_login(section.liaison)
        reminded(client, section.colleague)
    assert Notice.objects.count() == 3


def test_nobody_reminds_herself(client, section):
    page = page_of(client)
    assert f'name="cadre" value="{section.liaison.pk}"' not in page
    assert "2 人中 2 人有要催的" in text_of(page)
    assert client.post("/department/remind/", {"cadre": section.liaison.pk, "item": ESSAY}).status_code == 404
    with pytest.raises(NotAllowed):
        remind(recipient=section.liaison, sender=section.liaison, item=ESSAY, body="", address="/me/", now=TODAY)


def test_what_is_no_longer_owed_is_not_asked_for(client, section):
    handed_in(section.colleague)
    assert "柳素云已经不差这一项，不用提醒。" in reminded(client, section.colleague)
    assert "不用提醒" in reminded(client, section.colleague, "随便写的")
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("number", ["", "x", "9" * 40, "-1", "\x00"])
def test_garbage_reminds_nobody(client, section, number):
    assert client.post("/department/remind/", {"cadre": number, "item": ESSAY}).status_code == 404
    assert Notice.objects.count() == 0


def test_nobody_is_reminded_by_a_stranger(client, section):
    assert client.post("/department/remind/", {"cadre": section.stranger.pk, "item": ESSAY}).status_code == 404
    words = {"item": ESSAY, "body": "", "address": "/me/", "now": TODAY}
    for recipient, sender in ((section.stranger, section.liaison), (section.liaison, section.colleague)):
        with pytest.raises(NotAllowed):
            remind(recipient=recipient, sender=Cadre.objects.get(pk=sender.pk), **words)
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("role", [role for role in Role if role != Role.LIAISON])
def test_only_a_liaison_has_the_page(client, role):
    client.force_login(CadreFactory(roles=[role], department=DepartmentFactory(parent=bureau())))
    assert client.get("/department/").status_code == 404
    assert client.post("/department/remind/").status_code == 404


def test_a_liaison_without_a_posting_has_none(client, section):
    Posting.objects.filter(cadre=section.liaison).update(until=date(2024, 11, 1))
    assert client.get("/department/").status_code == 404


def test_who_left_or_comes_later_is_not_on_it(client, section):
    Posting.objects.filter(cadre=section.colleague).update(until=date(2024, 11, 19))
    assert "柳素云" not in page_of(client)


def test_it_asks_as_much_for_thirty_people_as_for_two(client, section):
    handed_in(section.colleague)
    first = queries(client, "/department/")
    for _ in range(30):
        cadre = CadreFactory(department=section.below)
        handed_in(cadre)
        make_result(cadre, "2024Q3")
    assert queries(client, "/department/") == first
    assert first <= 10


def test_the_menu_leads_there(client, section):
    assert f'href="{reverse("department")}"' in client.get("/me/").content.decode()
    client.force_login(section.colleague)
    assert f'href="{reverse("department")}"' not in client.get("/me/").content.decode()
