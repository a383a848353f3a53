"""Workbooks of the reading room's acquisitions: the renewal gauge of a year, and the list for the bookshop."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook

from reading.models import Book, Suggestion
from reading.services.renewal import Gauge, Part, in_order, listed
from shuxiang.periods import spoken
from shuxiang.workbooks.writing import NOTHING, Column, Layout, Value, saved, write_sheet

CHUNK = 500
BOOK_COLUMNS = [
    Column("序号", 6, "count"),
    Column("书名", 36),
    Column("作者", 18),
    Column("出版社", 18),
    Column("ISBN", 16, "center"),
    Column("索书号", 14, "center"),
    Column("主题类别", 12, "center"),
    Column("馆藏变动", 34),
]


def renewal_workbook(gauge: Gauge, unit: str, today: date) -> BytesIO:
    """A sheet with the account and one for each number in it."""
    book, year = Workbook(write_only=True), gauge.renewal.year
    subtitle = f"单位：{unit}　截至：{gauge.until}　制表日期：{today}"
    columns = [Column("项目", 20), Column("数量", 18, "text"), Column("说明", 60)]
    write_sheet(book, Layout("更新率", f"{unit}{year}年图书更新率", subtitle, columns), account_rows(gauge))
    for part in gauge.parts():
        layout = Layout(part.name, f"{unit}{year}年{part.name}书目", subtitle, BOOK_COLUMNS, frozen=2)
        write_sheet(book, layout, part_rows(part, gauge))
    return saved(book)


def account_rows(gauge: Gauge) -> Iterator[Sequence[Value]]:
    found = gauge.renewal
    yield "年初在藏（种）", str(len(found.base)), "1 月 1 日仍在藏的书目，一种书不论几册只算一种"
    yield "本年新增（种）", str(len(found.new)), "年初不在藏、本年入藏的书目"
    yield "更新率", found.shown_rate, "本年新增 ÷ 年初在藏"
    yield "目标", f"{found.percent}%，{found.target} 种", "向上取整"
    yield "缺口（种）", str(found.shortfall), ""
    yield "本年减少（种）", str(len(found.gone)), "最后一册在本年丢失或剔除的书目"
    yield "期末在藏（种）", str(len(found.closing)), "年初在藏 + 本年新增 − 本年减少"


def part_rows(part: Part, gauge: Gauge) -> Iterator[Sequence[Value]]:
    keys = in_order(part.titles)
    for start in range(0, len(keys), CHUNK):
        for number, book in enumerate(listed(keys[start : start + CHUNK]), start=start + 1):
            area = book.area.name if book.area else NOTHING
            moved = "；".join(movements(book, gauge))
            yield number, book.title, book.author, book.publisher, book.isbn, book.call_number, area, moved


def movements(book: Book, gauge: Gauge) -> Iterator[str]:
    """What came and went of a title in the year, in words; for one that stayed, how many copies there were."""
    year, copies = gauge.renewal.year, list(book.copies.all())
    told = False
    for copy in copies:
        if copy.acquired_on.year == year and copy.acquired_on <= gauge.until:
            told = True
            yield f"{spoken(copy.acquired_on)}{copy.get_source_display()}入藏 {copy.barcode}"
        if copy.left_on is not None and copy.left_on.year == year and copy.left_on <= gauge.until:
            told = True
            yield f"{spoken(copy.left_on)}{copy.get_state_display()} {copy.barcode}"
    if not told:
        there = [copy for copy in copies if copy.acquired_on <= gauge.until]
        there = [copy for copy in there if copy.left_on is None or copy.left_on > gauge.until]
        yield f"在藏 {len(there)} 册，本年没有变动"


SHOP_COLUMNS = [
    Column("序号", 6, "count"),
    Column("书名", 40),
    Column("作者", 20),
    Column("出版社", 20),
    Column("ISBN", 16, "center"),
    Column("册数", 8, "count"),
    Column("估价（元）", 11, "money"),
    Column("小计（元）", 12, "money"),
    Column("理由", 36),
]


def shop_workbook(chosen: Iterable[Suggestion], unit: str, today: date) -> BytesIO:
    book, rows = Workbook(write_only=True), list(chosen)
    layout = Layout("选购清单", f"{unit}图书选购清单", f"制表日期：{today}　共 {len(rows)} 种", SHOP_COLUMNS, frozen=2)
    write_sheet(book, layout, shop_rows(rows))
    return saved(book)


def shop_rows(chosen: Sequence[Suggestion]) -> Iterator[Sequence[Value]]:
    for number, each in enumerate(chosen, start=1):
        total = each.copies * each.price if each.price is not None else None
        why = each.reason or "荐购"
        yield number, each.title, each.author, each.publisher, each.isbn, each.copies, each.price, total, why
    total = sum((each.copies * (each.price or Decimal(0)) for each in chosen), Decimal(0))
    unpriced = sum(each.price is None for each in chosen)
    note = f"其中 {unpriced} 种还没有估价" if unpriced else ""
    yield None, "合计", "", "", "", sum(each.copies for each in chosen), None, total, note
