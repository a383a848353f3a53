"""The reading room's register of books as it stands on a day: invented ISBNs and publishers, believable titles.

The stock of two years ago, what was bought, given and handed over since, and what came in this year.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from shuxiang.demo.people import DEMO_AGENCY

SHELVES = Path(__file__).resolve().parent / "shelves.txt"
PURCHASE, DONATION, TRANSFER = "采购", "捐赠", "调拨"
PUBLISHERS = (
    "云泽出版社",
    "江左文艺出版社",
    "北溟书局",
    "青石书社",
    "四明古籍出版社",
    "远帆科技出版社",
    "长风教育出版社",
)
DONORS = ("闻静之", "施怀瑾", "顾念慈", "云泽县文化馆", "云泽中学校友会")
CORNERS = ("办公室图书角", "会议室图书角", "走廊图书角")
# Asked for often: several copies, there from the first day.
POPULAR = (
    "论语", "史记", "红楼梦", "三国演义", "乡土中国", "置身事内", "万历十五年", "平凡的世界", "人间词话", "苏东坡传",
    "曾国藩家书", "审计案例三十讲", "公文写作", "大数据审计入门", "三体", "我们仨", "傅雷家书", "老人与海",
)  # fmt: skip
# One copy of each, there from the first day, and people who wait for it.
AWAITED = ("人世间", "天工开物", "财政审计实务")
OPENING, FRESH, EXTRA, GIVEN_AGAIN, OLD = 150, 55, 102, 12, 24


@dataclass(frozen=True)
class Shelved:
    """A line of the register: copies of one title that came in together."""

    isbn: str
    title: str
    author: str
    publisher: str
    year: int
    area: str
    clc: str
    copies: int
    place: str
    source: str
    donor: str
    acquired: date


def invent_books(today: date) -> list[Shelved]:
    """By the day on which they came in; the same day gives the same lines."""
    random = Random(f"{DEMO_AGENCY} library")
    titles = list(shelf_titles())
    first = [row for row in titles if row[1] in POPULAR + AWAITED]
    others = [row for row in titles if row not in first]
    random.shuffle(others)
    days = days_of_arrival(len(titles), today)
    lines = [
        line(number, *row, day, random) for number, (row, day) in enumerate(zip(first + others, days, strict=True))
    ]
    lines = several(lines, random)
    again = random.sample([each for each in lines[len(first) : OPENING] if each.copies == 1], GIVEN_AGAIN)
    last = max(days)
    lines += [replace(each, copies=1, source=DONATION, donor=random.choice(DONORS), acquired=last) for each in again]
    return sorted(lines, key=lambda each: each.acquired)


def shelf_titles() -> Iterator[tuple[str, str, str, str]]:
    """Area, title, author and class of each."""
    area = ""
    for text in SHELVES.read_text(encoding="utf-8").splitlines():
        if text.startswith("# "):
            area = text[2:]
        else:
            title, author, clc = text.split("|")
            yield area, title, author, clc


def days_of_arrival(titles: int, today: date) -> list[date]:
    """The day of each title, earliest first: a stock, seven deliveries, and this year's as far as the year has come."""
    year = date(today.year, 1, 1)
    gone = (today - year).days
    fresh = min(FRESH, gone)
    deliveries = [(year.year - 2, month, day) for month, day in ((6, 10), (9, 10), (11, 20))]
    deliveries += [(year.year - 1, month, day) for month, day in ((3, 20), (6, 12), (9, 18), (11, 26))]
    between = titles - OPENING - fresh
    days = [date(year.year - 2, 3, 12)] * OPENING
    days += [date(*deliveries[place * len(deliveries) // between]) for place in range(between)]
    return days + [year + timedelta(gone * (4 * place // fresh * 3 + 2) // 13) for place in range(fresh)]


def line(number: int, area: str, title: str, author: str, clc: str, day: date, random: Random) -> Shelved:
    in_corner = number >= len(POPULAR + AWAITED) and random.random() < 0.16
    source = random.choices((PURCHASE, DONATION, TRANSFER), (78, 16, 6))[0]
    # Laws and what is new in technology come in as they stand now.
    is_current = title.startswith("中华人民共和国") or area == "科技前沿"
    is_old = number % (300 // OLD) == 7 and not is_current
    ages = (0, 0, 1) if is_current else (0, 1, 1, 2, 3, 5, 8)
    return Shelved(
        isbn="" if is_old else isbn(number),
        title=title,
        author=author,
        publisher=random.choice(PUBLISHERS),
        year=random.randint(1958, 1986) if is_old else day.year - random.choice(ages),
        area=area,
        clc=clc,
        copies=1,
        place=random.choice(CORNERS) if in_corner else shelf_of(area),
        source=source,
        donor=random.choice(DONORS) if source == DONATION else "",
        acquired=day,
    )


def several(lines: Sequence[Shelved], random: Random) -> list[Shelved]:
    """More than one copy of what people ask for, and of some others."""
    popular = [place for place, each in enumerate(lines) if each.title in POPULAR]
    rest = [place for place, each in enumerate(lines) if each.title not in POPULAR + AWAITED]
    more = popular * 2 + random.sample(rest, EXTRA - 2 * len(popular))
    return [replace(each, copies=1 + more.count(place)) for place, each in enumerate(lines)]


def shelf_of(area: str) -> str:
    return f"{area}书架"


def isbn(number: int) -> str:
    """With a valid check digit, of a publisher's number that nobody has."""
    stem = f"9787999{number * 37 % 100_000:05}"
    return stem + str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(stem)) % 10)
