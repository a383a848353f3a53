"""What people would have the office buy, and what they give, through the services day by day."""

from collections.abc import Callable, Iterator
from datetime import datetime, time
from decimal import Decimal

from reading.kinds import Condition
from reading.models import Book, Copy, Donation, Place, SubjectArea, Suggestion
from reading.services.donating import Finding, Offered, accept, inspect, offer
from reading.services.suggesting import decide, suggest, vote
from reading.states import SuggestionAction, SuggestionState
from shuxiang.demo.library import isbn, shelf_of
from shuxiang.demo_reading.moments import Deed, Office, live_through

OPEN, CHOSEN = SuggestionState.OPEN, SuggestionState.CHOSEN
BOUGHT, DECLINED = SuggestionState.BOUGHT, SuggestionState.DECLINED
SUGGESTIONS = (
    ("数字化转型与审计", "方可测", "业务知识", "YZ021", 60, OPEN,
     "下半年有两个数据项目，可以先学。", "YZ020 YZ023 YZ016 YZ041 YZ039 YZ014"),
    ("县域治理札记", "周子衡", "政治理论", "YZ012", 48, OPEN,
     "作者在县里工作多年，案例很实。", "YZ011 YZ004 YZ024 YZ032"),
    ("政府投资项目全过程管理", "钟鼎", "业务知识", "YZ043", 40, OPEN,
     "投资审计组日常要查。", "YZ033 YZ035 YZ038 YZ040 YZ034"),
    ("宋词里的四季", "白若溪", "文学经典", "YZ029", 33, OPEN,
     "适合诵读会选篇。", "YZ020 YZ018"),
    ("零碳城市读本", "苗春生", "科技前沿", "YZ041", 21, OPEN,
     "", "YZ043"),
    ("公共政策评估方法", "方可测", "业务知识", "YZ002", 15, OPEN,
     "政策跟踪审计可参考。", "YZ001 YZ024 YZ016"),
    ("汉字的故事", "白若溪", "文学经典", "YZ008", 6, OPEN,
     "", ""),
    ("人世间", "", "文学经典", "YZ032", 7, OPEN,
     "只有一册，排队的人多，请再买一册。", "YZ002 YZ018"),
    ("数据分析案例五十例", "方可测", "业务知识", "YZ023", 75, CHOSEN,
     "想练手。", "YZ021 YZ020 YZ016 YZ039"),
    ("基层法律实务手册", "江月明", "政策法规", "YZ011", 70, CHOSEN,
     "", "YZ012 YZ014"),
    ("怎样做读书笔记", "白若溪", "业务知识", "YZ038", 300, BOUGHT,
     "新同事可以一起读。", "YZ020 YZ014 YZ041"),
    ("股市操作技巧大全", "佚名", "业务知识", "YZ035", 52, DECLINED,
     "", ""),
)  # fmt: skip
REFUSAL = "与工作和读书会主题关系不大，经费有限，建议到县图书馆借阅。"
DECISIONS = {
    CHOSEN: SuggestionAction.CHOOSE,
    BOUGHT: SuggestionAction.BUY,
    DECLINED: SuggestionAction.DECLINE,
}
PRICE = Decimal(58)
NOTE = "家中藏书，品相尚好，愿与同事共读。"
NOON, EVENING = time(13, 10), time(17, 30)


def suggest_books(office: Office) -> None:
    live_through([deed for row in SUGGESTIONS for deed in wish(office, *row)])


def wish(
    office: Office, title: str, author: str, area: str, number: str, ago: int, state: SuggestionState, reason: str,
    voters: str,
) -> Iterator[Deed]:  # fmt: skip
    """Suggested, wanted by others on the days after, decided half way to now; what was bought, when it came in."""
    book = Book.objects.filter(title=title).first()
    came = Copy.objects.filter(book=book).order_by("acquired_on").first() if state == BOUGHT else None
    isbn_wanted = (book.isbn or "") if book is not None and state == OPEN else ""
    decided = ago // 2
    if came is not None:
        decided = (office.today - came.acquired_on).days
        ago = decided + 60

    def ask(now: datetime) -> None:
        suggest(
            by=office.people[number], title=title, author=author, area=SubjectArea.objects.get(name=area),
            reason=reason, isbn=isbn_wanted, more=True, now=now,
        )  # fmt: skip

    def made() -> Suggestion:
        return Suggestion.objects.select_related("suggested_by").get(title=title)

    def want(voter: str) -> Deed:
        place = voters.split().index(voter) + 1
        at = office.at(office.workday(ago - place), EVENING)
        return at, lambda now: vote(suggestion=made(), by=office.people[voter], now=now)

    def settle(now: datetime) -> None:
        decide(
            suggestion=made(), action=DECISIONS[state], by=office.clerk, now=now, book=book,
            reason=REFUSAL if state == DECLINED else "", copies=2 if state == CHOSEN else None,
            price=PRICE if state == CHOSEN else None,
        )  # fmt: skip

    yield office.at(office.workday(ago)), ask
    yield from map(want, voters.split())
    if state in DECISIONS:
        yield office.at(office.workday(decided), EVENING), settle


def give(office: Office) -> None:
    live_through([*taken_in(office), *from_outside(office), *inspected(office), *offered(office)])


def offering(office: Office, number: str, ago: int, items: list[Offered]) -> Deed:
    person = office.people[number]
    return office.at(office.workday(ago)), lambda now: offer(by=person, items=items, now=now, note=NOTE)


def offered(office: Office) -> Iterator[Deed]:
    items = [
        Offered("山居随笔", author="施怀瑾"),
        Offered("故乡的河", author="顾念慈"),
        Offered("老课本里的文章", count=2),
    ]
    yield offering(office, "YZ015", 2, items)


def inspected(office: Office) -> Iterator[Deed]:
    yield offering(office, "YZ030", 12, [Offered("女工手记", author="林晚照"), Offered("旧城摄影集", author="黎明远")])

    def look(now: datetime) -> None:
        donation = Donation.objects.get(donor=office.people["YZ030"])
        first, second = donation.items.order_by("pk")
        area = SubjectArea.objects.get(name="文学经典")
        findings = {
            first.pk: Finding(1, Condition.GOOD, area=area, clc="I267"),
            second.pk: Finding(0, remark="水渍较重，缺页"),
        }
        inspect(donation=donation, findings=findings, by=office.librarian, now=now)

    yield office.at(office.workday(5), NOON), look


def taken_in(office: Office) -> Iterator[Deed]:
    """With the copies that name the donor, and a certificate to print."""
    titles = ("审计岁月", "乡镇十年")
    items = [
        Offered(title, isbn(900 + place), "覃德明 等", "云泽出版社") for place, title in enumerate(titles)
    ]  # fmt: skip
    yield offering(office, "YZ003", 45, items)
    yield from take_in(office, lambda: Donation.objects.get(donor=office.people["YZ003"]), 40, 33)


def from_outside(office: Office) -> Iterator[Deed]:
    """The museum's copies of what the office has already; a librarian registers them."""
    name = "云泽县文化馆"
    known = Book.objects.filter(title__in=("诗经", "古文观止"), isbn__isnull=False)
    items = [Offered(book.title, book.isbn or "", book.author, book.publisher) for book in known]
    yield (
        office.at(office.workday(410)),
        lambda now: offer(by=office.librarian, items=items, now=now, donor_name=name, note="读书活动周赠书。"),
    )
    yield from take_in(office, lambda: Donation.objects.get(donor_name=name), 408, 405)


def take_in(office: Office, donation: Callable[[], Donation], looked: int, accepted: int) -> Iterator[Deed]:
    area = SubjectArea.objects.get(name="文学经典")

    def look(now: datetime) -> None:
        found = donation()
        findings = {item.pk: Finding(item.offered, Condition.GOOD, area=area, clc="I267") for item in found.items.all()}
        inspect(donation=found, findings=findings, by=office.librarian, now=now)

    def take(now: datetime) -> None:
        home = Place.objects.get(name=shelf_of(area.name))
        accept(donation=donation(), home=home, accepted_on=office.workday(accepted), by=office.librarian, now=now)

    yield office.at(office.workday(looked), NOON), look
    yield office.at(office.workday(accepted), NOON), take
