"""One activity from its announcement to the ledger, in Chromium: as office, organiser and cadres, by links and buttons
alone."""

import base64
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from selenium.webdriver.common.by import By

from activities.models import Activity, Attendance, Photograph
from activities.tests.media import photograph
from assessment.models import Entry
from assessment.services import assess
from organization.models import Cadre
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import Quarter
from shuxiang.tests.person import DESKTOP, PHONE
from shuxiang.tests.visitor import Visitor, listen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeds")]
TITLE, TALK = "《论语》读书分享会", "从《论语》说起"
NAMES = ("邓一帆", "冯二川", "葛三省", "何四海", "江五湖", "孔六和", "罗七星")
FINDING = "活动安排在下午，窗口岗位的同志来不了"
ACTION, REPLY = "下次改在午休时间，分两场办", "已和各科室商定，从下月起分两场办。"


class Story:
    """One browser, at which they take turns."""

    def __init__(self, driver, server, width: int) -> None:
        listen(driver)
        self.driver, self.server, self.width = driver, server, width
        department = DepartmentFactory(parent=bureau(), name="法规科")
        self.clerk = CadreFactory(name="安敏文", roles=[Role.OFFICE], department=department)
        self.organiser = CadreFactory(name="毕组织", department=department)
        self.cadres = [CadreFactory(name=name, department=department) for name in NAMES]

    def office(self) -> Visitor:
        return Visitor(self.driver, self.server, self.clerk, DESKTOP).enter()

    def organising(self, width: int = DESKTOP) -> Visitor:
        return Visitor(self.driver, self.server, self.organiser, width).enter()

    def cadre(self, person: Cadre) -> Visitor:
        return Visitor(self.driver, self.server, person, self.width).enter()

    @property
    def came(self) -> list[Cadre]:
        """All but the one who cancelled."""
        return [each for each in self.cadres if each != self.cadres[1]]

    @property
    def activity(self) -> Activity:
        return Activity.objects.get(title=TITLE)


def to_activity(visitor: Visitor) -> None:
    """From wherever one is, by the navigation and the list."""
    visitor.follow("活动", ".nav-main")
    visitor.follow("列表")
    if not visitor.driver.find_elements(By.PARTIAL_LINK_TEXT, TITLE):
        visitor.follow("已举办")
    visitor.follow(TITLE, "main")


def schedule(story: Story) -> None:
    office = story.office()
    office.follow("活动", ".nav-main")
    office.follow("安排活动")
    for name, text in {
        "title": TITLE, "category": "读书分享会", "date": (timezone.localdate() + timedelta(days=7)).isoformat(),
        "starts_at": "14:30", "ends_at": "16:00", "venue": "三楼会议室", "organiser": story.organiser.name,
        "sign_up": "要报名", "capacity": "2", "speakers-0-name": story.cadres[0].name, "speakers-0-topic": TALK,
    }.items():  # fmt: skip
        office.type(name, text)
    office.push("保存", "main .submit")
    office.sees(TITLE, "0 / 2 人已报名", story.organiser.name, TALK)


def sign_up(story: Story) -> None:
    first, second, third = story.cadres[:3]
    for person in (first, second):
        cadre = story.cadre(person)
        to_activity(cadre)
        cadre.push("报名")
        cadre.sees("已报名")
    cadre = story.cadre(third)
    to_activity(cadre)
    cadre.push("候补")
    cadre.sees("候补第 1 位", "2 / 2 人已报名")
    cadre.follow("我的书香", ".nav-main")
    cadre.sees("候补第 1 位")

    cadre = story.cadre(second)
    cadre.follow(TITLE, "main")  # among the own activities
    cadre.push("取消报名")
    cadre.sees("2 / 2 人已报名")
    cadre = story.cadre(third)
    cadre.sees("已报名")
    cadre.follow("通知", ".masthead")
    cadre.sees("递补成功，已报名")
    cadre.push("", "main .notices li")  # leads to where the notice says
    cadre.sees(TITLE, "已报名")


def move_to_today(story: Story) -> None:
    office = story.office()
    to_activity(office)
    office.follow("报名名单")
    office.sees(story.cadres[0].name, story.cadres[2].name)
    assert story.cadres[1].name not in office.text()
    office.follow(TITLE, ".crumbs")
    office.follow("修改", "main .page-head")
    office.type("date", timezone.localdate().isoformat())
    office.push("保存", "main .submit")
    office.sees("今天")


def record(story: Story) -> None:
    """The sheet on paper, then ticks on the telephone: first everybody attends, then the speaker speaks."""
    organiser = story.organising()
    to_activity(organiser)
    organiser.follow("打印签到表")
    organiser.sees(story.cadres[0].name, story.cadres[2].name, within=".sign-in-page")
    code = organiser.driver.find_element(By.CSS_SELECTOR, ".sign-in-page svg.qr path")
    assert len(code.get_attribute("d")) > 100
    printed = organiser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    assert len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed["data"]))) == 1

    phone = story.organising(PHONE)
    phone.open(f"/activities/{story.activity.pk}/attendance/")  # what the code says
    for number, person in enumerate(story.came, start=1):
        phone.tick(f"label:has(#tick-{person.pk}-attending)")
        phone.sees(f"{number} 人到场", within="#roll-counts")
    phone.tick(f"label:has(#tick-{story.cadres[0].pk}-speaking)")
    phone.sees("其中主讲 1 人", within="#roll-counts")
    phone.look()
    capacities = dict(Attendance.objects.valid().values_list("cadre", "capacity"))
    assert capacities == {each.pk: "attending" for each in story.came} | {story.cadres[0].pk: "speaking"}


def write_down(story: Story, folder: Path) -> None:
    organiser = story.organising(PHONE)
    to_activity(organiser)
    organiser.sees(f"{len(story.came)} 人到场", "其中主讲 1 人")
    organiser.follow("登记纪要")
    organiser.type("minutes", "大家围绕“学而时习之”交流了体会。")
    organiser.type("conclusions", "下月读《孟子》。")
    organiser.push("保存", "main form")
    organiser.sees("下月读《孟子》。")
    organiser.follow("管理照片")
    files = []
    for colour in ("red", "blue"):
        (folder / f"{colour}.jpg").write_bytes(photograph(colour))
        files.append(str(folder / f"{colour}.jpg"))
    organiser.driver.find_element(By.ID, "id_upload").send_keys("\n".join(files))
    organiser.push("上传", "form[data-sending]")
    organiser.wait.until(lambda driver: len(driver.find_elements(By.CSS_SELECTOR, ".thumbnails img")) == 2)
    organiser.follow(TITLE, ".crumbs")
    organiser.look()
    assert Photograph.objects.count() == 2


def ask(story: Story) -> None:
    office = story.office()
    to_activity(office)
    office.follow("发放活动后反馈")
    office.push("建草稿")
    office.follow("去发放")
    office.push("发放", "main form")
    office.sees(f"已发给 {len(story.came)} 人", f"已答 0 / {len(story.came)}")
    for number, person in enumerate(story.came[:5]):
        cadre = story.cadre(person)
        if number:
            to_activity(cadre)
            cadre.follow("填写", "main")
        else:
            cadre.follow("通知", ".masthead")
            cadre.push("", "main .notices li")
        for field in cadre.driver.find_elements(By.CSS_SELECTOR, ".chips-scale label:last-child"):
            cadre.tick(f"#{field.get_attribute('for')}")
        cadre.type(cadre.driver.find_element(By.TAG_NAME, "textarea").get_attribute("name"), f"意见之{number}")
        cadre.push("提交答卷")
        cadre.sees("答卷已收到")


def close(story: Story) -> None:
    office = story.office()
    to_activity(office)
    office.follow(TITLE, "[aria-labelledby='questionnaires']")
    office.sees(f"已答 5 / {len(story.came)}")
    office.push("结束问卷")
    office.follow("看结果")
    office.sees("收到 5 份", "意见之3", "平均 5.00 分")


def answer_finding(story: Story) -> None:
    office = story.office()
    to_activity(office)
    office.follow("看结果")
    office.follow("记一条问题")
    office.type("text", FINDING)
    office.push("登记")
    office.type("measure", ACTION)
    office.type("owner", story.organiser.name)
    office.type("due_on", (timezone.localdate() + timedelta(days=30)).isoformat())
    office.push("保存", "section[aria-labelledby='assign']")
    office.type("reply", REPLY)
    office.tick("[name='is_public']")
    office.push("保存答复")
    office.sees(ACTION, REPLY, story.organiser.name)

    cadre = story.cadre(story.cadres[-1])
    cadre.follow("活动", ".nav-main")
    cadre.follow("问题台账", "main")
    cadre.follow(FINDING, "main")
    cadre.sees(ACTION, REPLY, "法规科")
    assert story.organiser.name not in cadre.text()


def look_at_points(story: Story) -> None:
    assess(period=Quarter.of(timezone.localdate()), now=timezone.now())
    reference = story.activity.reference
    entries = Entry.objects.filter(reference=reference)
    rules = {story.cadres[0].pk: "activity.speak"} | {each.pk: "activity.attend" for each in story.came[1:]}
    assert dict(entries.values_list("cadre", "rule_code")) == rules
    assert entries.count() == len(rules)

    speaker = story.cadre(story.cadres[0])
    line = speaker.text(".ledger tr:has([title='规则 activity.speak'])")
    assert TITLE in line
    assert "1.00" in line
    assert speaker.driver.find_elements(By.CSS_SELECTOR, "[title='规则 activity.attend']") == []
    office = story.office()
    office.follow("考核", ".nav-main")
    office.follow("个人结果")
    office.follow(story.cadres[0].name, "main")
    assert TITLE in office.text(".ledger tr:has([title='规则 activity.speak'])")
    assert office.driver.find_elements(By.CSS_SELECTOR, "[title='规则 activity.attend']") == []
    office.follow(TITLE, "main .ledger")  # the line leads to what it comes from
    office.sees("主讲 1 人")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_an_activity_from_its_announcement_to_the_ledger(chromium, live_server, tmp_path, width):
    story = Story(chromium, live_server, width)
    schedule(story)
    sign_up(story)
    move_to_today(story)
    record(story)
    write_down(story, tmp_path)
    ask(story)
    close(story)
    answer_finding(story)
    look_at_points(story)
