"""The room with its shelves, three corners, what stands in them, what was mended, and what is read on a screen."""

from datetime import date, timedelta
from decimal import Decimal

from reading.kinds import DigitalKind, LinkState, PlaceKind, ProjectState
from reading.models import ClosedDay, DigitalResource, Place, SubjectArea
from reading.services.digital import Details, add_resource
from reading.services.places import Piece, PlaceFacts, add_place
from reading.services.projects import Money, ProjectFacts, add_project
from shuxiang.demo.library import shelf_of
from shuxiang.demo_reading.moments import Office

ROOM = "YLS"
CORNERS = (
    ("JB", "办公室图书角", "主楼一层 103 室门口", "YZ008", "工作日 8:30—18:00", "书架 1、靠椅 2、落地灯 1"),
    ("JH", "会议室图书角", "主楼二层小会议室", "YZ012", "会议室空闲时", "书架 2、长桌 1、靠椅 6"),
    ("JZ", "走廊图书角", "主楼三层东侧走廊", "YZ029", "全天", "书架 2、长凳 2、绿植 3"),
)
ROOM_FURNITURE = "阅览桌 6、靠椅 24、台灯 12、双面书架 10、还书箱 1、饮水机 1、报刊架 2、借阅台 1"
PROJECTS = (
    (
        "阅览室照明和座椅更新", ROOM, ProjectState.DONE, 240, 190,
        "换护眼灯具，添置靠椅和台灯，窗边增设四个单人座。",
        (("护眼灯具 12 套", "9600", "9480", "记字第 0312 号"), ("靠椅 24 把", "12000", "11760", "记字第 0318 号"),
         ("线路改造", "4500", "4350", "记字第 0321 号")),
    ),
    (
        "走廊图书角改造", "JZ", ProjectState.RUNNING, 35, None,
        "在三层走廊装壁挂书架和长凳，留出轮椅通道。",
        (("壁挂书架 4 组", "6800", "6650", "记字第 1107 号"), ("长凳 4 条", "3200", "0", ""),
         ("墙面和插座", "2600", "0", "")),
    ),
)  # fmt: skip
RESOURCES = (
    ("云泽数字图书馆", DigitalKind.PLATFORM, "", "网页", "digital.example.org/library",
     "用身份证号注册，首次登录需在本馆网内。", None),
    ("审计在线课堂", DigitalKind.PLATFORM, "业务知识", "网页", "class.example.org",
     "用工号登录，初始密码见办公室通知。", 18),
    ("有声经典一百篇", DigitalKind.AUDIOBOOK, "文学经典", "MP3", "audio.example.org/classics",
     "", None),
    ("唐诗三百首（配乐朗诵）", DigitalKind.AUDIOBOOK, "文学经典", "MP3", "audio.example.org/tang",
     "", 420),
    ("史记（全文电子版）", DigitalKind.EBOOK, "文学经典", "EPUB", "ebook.example.org/shiji",
     "", None),
    ("法规检索平台", DigitalKind.PLATFORM, "政策法规", "网页", "law.example.org",
     "内网打开，不需登录。", 200),
    ("党员教育微课", DigitalKind.PLATFORM, "政治理论", "网页", "party.example.org",
     "用手机号登录。", None),
    ("人工智能通识课（旧版）", DigitalKind.EBOOK, "科技前沿", "PDF", "ebook.example.org/ai",
     "", -40),
)  # fmt: skip


def furnish(office: Office) -> None:
    people, librarian = office.people, office.librarian
    room = add_place(
        facts=PlaceFacts(
            ROOM, "阅览室", PlaceKind.ROOM, location="主楼二层 208 室", keeper=librarian,
            opening_hours="工作日 8:30—18:00，午间 12:00—14:00 有人值守", description="可自习、可借阅，请保持安静。",
        ),
        pieces=pieces(ROOM_FURNITURE), by=librarian,
    )  # fmt: skip
    for position, area in enumerate(SubjectArea.objects.order_by("position"), start=1):
        facts = PlaceFacts(
            f"{ROOM}-{position}", shelf_of(area.name), PlaceKind.SHELF, room, f"进门第 {position} 排", librarian,
            position=position,
        )  # fmt: skip
        add_place(facts=facts, by=librarian)
    for position, (code, name, location, keeper, hours, furniture) in enumerate(CORNERS, start=11):
        facts = PlaceFacts(
            code, name, PlaceKind.CORNER, location=location, keeper=people[keeper], opening_hours=hours,
            position=position,
        )  # fmt: skip
        add_place(facts=facts, pieces=pieces(furniture), by=librarian)
    mend(office)
    until = office.today + timedelta(days=44)
    # The desk's own form stores such a row; there is no service for it.
    ClosedDay.objects.create(since=until - timedelta(days=2), until=until, reason="阅览室整架盘点")


def pieces(furniture: str) -> list[Piece]:
    rows = (each.rsplit(" ", 1) for each in furniture.split("、"))
    return [Piece(name, int(count)) for name, count in rows]


def mend(office: Office) -> None:
    places = {place.code: place for place in Place.objects.all()}
    for title, code, state, since, until, description, lines in PROJECTS:
        ended = None if until is None else office.day(until)
        facts = ProjectFacts(title, places[code], state, office.day(since), ended, description)
        money = [Money(item, Decimal(planned), Decimal(spent), voucher) for item, planned, spent, voucher in lines]
        add_project(facts=facts, lines=money, by=office.librarian)


def subscribe(office: Office) -> None:
    """One licence ends soon, one has ended; one link did not open lately."""
    areas = {area.name: area for area in SubjectArea.objects.all()}
    for title, kind, area, form, link, hint, days in RESOURCES:
        details = Details(
            title, kind, areas.get(area), description=f"{form}，{kind.label}。", format=form, link=f"https://{link}",
            login_hint=hint, licence_until=ends(office.today, days),
        )  # fmt: skip
        add_resource(details=details, upload=None, by=office.librarian, now=office.at(office.day(200)))
    # The nightly check would ask the network for addresses that nobody has.
    checked = office.at(office.day(1))
    DigitalResource.objects.update(link_state=LinkState.ALIVE, link_checked_at=checked)
    dead = DigitalResource.objects.filter(link__contains="party")
    dead.update(link_state=LinkState.DEAD, link_message="连接超时")


def ends(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)
