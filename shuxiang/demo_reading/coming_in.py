"""What people would have the office buy, what they give, and what was taken out of the stock."""

from datetime import date, time

from reading.kinds import Condition, Source
from reading.models import (
    Book,
    Copy,
    CopyEvent,
    Donation,
    DonationEvent,
    DonationItem,
    Place,
    SubjectArea,
    Suggestion,
    SuggestionEvent,
    Vote,
)  # fmt: skip
from reading.services.numbering import next_barcodes, number_books
from reading.services.search import index_books
from reading.states import (
    CopyAction,
    CopyState,
    DonationAction,
    DonationState,
    SuggestionAction,
    SuggestionState,
)  # fmt: skip
from shuxiang.demo.library import AWAITED, POPULAR, isbn, shelf_of
from shuxiang.demo_reading.moments import Office

WITHDRAWN_BEFORE, WITHDRAWN, MISSING = 5, 3, 2
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
    ("人世间", "梁晓声", "文学经典", "YZ032", 7, OPEN,
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
NOTE = "家中藏书，品相尚好，愿与同事共读。"


def take_out(office: Office) -> None:
    """Last year five old titles were withdrawn and two not found when counted; this year three more are withdrawn."""
    year = date(office.today.year, 1, 1)
    single = [
        copy
        for copy in Copy.objects.select_related("book").order_by("barcode")
        if copy.book.title not in POPULAR + AWAITED and copy.acquired_on.year == year.year - 2
    ]
    step = len(single) // (WITHDRAWN_BEFORE + WITHDRAWN + MISSING)
    chosen = iter(single[::step])
    for _ in range(WITHDRAWN_BEFORE):
        leave(office, next(chosen), CopyAction.WITHDRAW, date(year.year - 1, 12, 10), "内容过时，纸张破损")
    for _ in range(MISSING):
        leave(office, next(chosen), CopyAction.LOSE, date(year.year - 1, 12, 16), "年终盘点未找到")
    for _ in range(WITHDRAWN):
        leave(office, next(chosen), CopyAction.WITHDRAW, year + (office.today - year) * 2 // 3, "脱页缺页，无法修补")


def leave(office: Office, copy: Copy, action: CopyAction, day: date, reason: str) -> None:
    state = CopyState.LOST if action == CopyAction.LOSE else CopyState.WITHDRAWN
    Copy.objects.filter(pk=copy.pk).update(state=state, left_on=day)
    CopyEvent.objects.create(
        copy=copy, action=action, at=office.at(day, time(16, 10)), actor=office.librarian,
        from_state=CopyState.AVAILABLE, to_state=state, reason=reason,
    )  # fmt: skip


def suggest_and_donate(office: Office) -> None:
    areas = {area.name: area for area in SubjectArea.objects.all()}
    for title, author, area, number, ago, state, reason, voters in SUGGESTIONS:
        book = Book.objects.filter(title=title).first()
        suggestion = Suggestion.objects.create(
            title=title, author=author, isbn=book.isbn if book else "", area=areas.get(area), reason=reason,
            state=state, suggested_by=office.people[number], suggested_at=office.at(office.workday(ago)), book=book,
            reply=REFUSAL if state == DECLINED else "",
        )  # fmt: skip
        tell(office, suggestion, ago)
        Vote.objects.bulk_create(
            Vote(suggestion=suggestion, cadre=office.people[voter], created_at=office.at(office.workday(ago - place)))
            for place, voter in enumerate(voters.split(), start=1)
        )
    offer(office)
    inspected(office)
    accepted(office)


def tell(office: Office, suggestion: Suggestion, ago: int) -> None:
    actions = {CHOSEN: SuggestionAction.CHOOSE, BOUGHT: SuggestionAction.BUY, DECLINED: SuggestionAction.DECLINE}
    steps = [(SuggestionAction.SUGGEST, suggestion.suggested_by, ago, "", OPEN)]
    if suggestion.state != OPEN:
        state = SuggestionState(suggestion.state)
        steps.append((actions[state], office.clerk, ago // 2, OPEN, state))
    SuggestionEvent.objects.bulk_create(
        SuggestionEvent(
            suggestion=suggestion, action=action, actor=actor, at=office.at(office.workday(days)), from_state=before,
            to_state=after, reason=suggestion.reply if after == DECLINED else "",
        )
        for action, actor, days, before, after in steps
    )  # fmt: skip


def donate(office: Office, number: str, ago: int, titles: str, **columns: object) -> Donation:
    donor = office.people[number]
    donation = Donation.objects.create(
        donor=donor, donor_name=donor.name, offered_at=office.at(office.workday(ago)), note=NOTE, **columns
    )
    DonationItem.objects.bulk_create(DonationItem(donation=donation, title=title) for title in titles.split("、"))
    record(office, donation, DonationAction.OFFER, ago, "", DonationState.OFFERED)
    return donation


def record(office: Office, of: Donation, action: DonationAction, ago: int, before: str, after: DonationState) -> None:
    actor = of.donor if action == DonationAction.OFFER else office.librarian
    at = office.at(office.workday(ago), time(13, 10))
    DonationEvent.objects.create(donation=of, action=action, actor=actor, at=at, from_state=before, to_state=after)


def offer(office: Office) -> None:
    donate(office, "YZ015", 2, "山居随笔、故乡的河、老课本里的文章")


def inspected(office: Office) -> None:
    donation = donate(office, "YZ030", 12, "女工手记、旧城摄影集", state=DonationState.INSPECTED)
    first, second = donation.items.all()
    DonationItem.objects.filter(pk=first.pk).update(accepted=1, condition=Condition.GOOD)
    DonationItem.objects.filter(pk=second.pk).update(accepted=0, condition=Condition.DAMAGED, remark="水渍较重，缺页")
    record(office, donation, DonationAction.INSPECT, 5, DonationState.OFFERED, DonationState.INSPECTED)


def accepted(office: Office) -> None:
    """With the copies that name the donor, and a certificate to print."""
    day = office.workday(33)
    donation = donate(
        office, "YZ003", 45, "审计岁月、乡镇十年", state=DonationState.ACCEPTED, accepted_on=day,
        certificate=f"JZ{day.year}-0001",
    )  # fmt: skip
    record(office, donation, DonationAction.INSPECT, 40, DonationState.OFFERED, DonationState.INSPECTED)
    record(office, donation, DonationAction.ACCEPT, 33, DonationState.INSPECTED, DonationState.ACCEPTED)
    area = SubjectArea.objects.get(name="文学经典")
    for place, item in enumerate(donation.items.all()):
        book = Book.objects.create(
            isbn=isbn(900 + place), title=item.title, author="覃德明 等", publisher="云泽出版社", clc="I267", area=area,
            year=day.year - 1,
        )  # fmt: skip
        number_books([book])
        DonationItem.objects.filter(pk=item.pk).update(accepted=1, condition=Condition.GOOD, book=book)
        copy = Copy.objects.create(
            book=book, barcode=next_barcodes(1)[0], home=Place.objects.get(name=shelf_of(area.name)),
            source=Source.DONATION, donor=donation.donor_name, donation_item=item, acquired_on=day,
        )  # fmt: skip
        CopyEvent.objects.create(
            copy=copy, action=CopyAction.REGISTER, at=office.at(day, time(13, 10)), actor=office.librarian,
            to_state=CopyState.AVAILABLE, to_place=copy.home,
        )  # fmt: skip
    index_books(Book.objects.filter(donation_items__donation=donation))
