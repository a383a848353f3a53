"""From a cell to a clean value.

Every reader raises ValueError with a Chinese reason that ends in what to do; the caller says where.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from .stream import Cell

T = TypeVar("T")

NAME_MAX_LENGTH = 50
EARLIEST_YEAR, LATEST_YEAR = 1950, 2199
EXACT_DIGITS = 15  # a spreadsheet keeps no more digits of a number
LAST_SERIAL = 200_000
NORMALISED_LENGTH = 200

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
INVISIBLE = "\u200b\u2060\ufeff"
JOINERS = "\u200c\u200d"  # seen within words of some scripts, so only trimmed
SPACES = " \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
LINE_BREAKS = dict.fromkeys((*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029), "\n")
CLEANED = LINE_BREAKS | dict.fromkeys(map(ord, BIDI + INVISIBLE))

CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
GAP_BETWEEN_CJK = re.compile(f"(?<=[{CJK}])[\\s{JOINERS}]+(?=[{CJK}])")
EMPLOYEE_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
PHONE = re.compile(r"[0-9+() 转-]{5,30}")
TIME = r"(?:[ T]+0?0:00(?::00)?)?"
DATES = tuple(
    re.compile(form + TIME)
    for form in (
        r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})",
        r"(?P<year>[0-9]{4}) ?年 ?(?P<month>[0-9]{1,2}) ?月 ?(?P<day>[0-9]{1,2}) ?日",
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
    )
)
ZERO_PADDED = re.compile(r"(0{2,})(?:_.)?")
# Letters or digits that a number format adds to what is stored, as in "A"0000.
ADDED_BY_FORMAT = re.compile(r'"[^"]*[^\W_][^"]*"|\\[^\W_]')


def clean_text(text: str) -> str:
    """Trimmed of every kind of space; line breaks and control characters within become one space each run."""
    lines = (line.strip(SPACES + JOINERS) for line in text.translate(CLEANED).split("\n"))
    return " ".join(line for line in lines if line)


def shown(text: str) -> str:
    """The text for a message: clean and short."""
    text = clean_text(text[:200])
    return text if len(text) <= 30 else text[:30] + "…"


def read_text(cell: Cell, max_length: int) -> str:
    """'' for an empty cell."""
    return _limited(_text(cell), max_length)


def close_gaps(text: str) -> str:
    """Without the spaces that only stretch a Chinese name: `保管 利用科`."""
    return GAP_BETWEEN_CJK.sub("", text.strip())


def read_name(cell: Cell) -> str:
    """'' for an empty cell."""
    return _limited(close_gaps(_text(cell)), NAME_MAX_LENGTH)


def read_employee_number(cell: Cell) -> str:
    """'' for an empty cell; the case is kept as typed."""
    text = _squeezed(_text(cell))
    if text and not EMPLOYEE_NUMBER.fullmatch(text):
        raise ValueError("无效，应为字母或数字（可含 - 和 _，最多 32 位），请改正；合计、备注等行请删除")
    return text


def read_employee_numbers(cell: Cell) -> list[str]:
    """Several, separated by `;` or a comma, full-width or not; [] for an empty cell."""
    numbers = [number for number in re.split("[;,、]", _squeezed(_text(cell))) if number]
    for number in numbers:
        if not EMPLOYEE_NUMBER.fullmatch(number):
            raise ValueError(f"“{shown(number)}”不是工号；多个工号请用“；”隔开")
    return numbers


def read_date(cell: Cell, epoch: datetime) -> date | None:
    """`epoch`: the workbook's, for dates stored as serial numbers."""
    value = _stored(cell)
    if value is None:
        return None
    if isinstance(value, datetime):
        day = value.date()
    elif isinstance(value, date):
        day = value
    elif isinstance(value, str):
        text = _normalised(clean_text(value))
        if not text:
            return None
        day = _date_of(text)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        is_serial = 0 < value < LAST_SERIAL
        day = (epoch + timedelta(days=int(value))).date() if is_serial else _date_of(_number(value))
    else:
        raise ValueError("不是日期，请写成 2020-03-01 的形式")
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValueError(f"年份 {day.year} 不在 {EARLIEST_YEAR} 至 {LATEST_YEAR} 之间，请写成 2020-03-01 的形式")
    return day


def read_choice(cell: Cell, choices: Mapping[str, T]) -> T | None:
    """None for an empty cell; spaces and full-width letters do not matter."""
    text = _text(cell)
    if not text:
        return None
    for candidate in (text, _squeezed(text)):
        if candidate in choices:
            return choices[candidate]
    raise ValueError(f"“{shown(text)}”无效，请填写{'、'.join(choices)}之一")


def read_phone(cell: Cell) -> str:
    """'' for an empty cell."""
    text = _normalised(_text(cell))
    if text and not PHONE.fullmatch(text):
        raise ValueError("不是电话号码，应为 5 至 30 位数字（可含 + - ( ) 空格和“转”），请改正")
    return text


def _stored(cell: Cell) -> object:
    if cell.kind == "error":
        raise ValueError(f"是错误值 {shown(str(cell.value))}，请改正后重新导入")
    if cell.kind == "formula":
        raise ValueError("是公式且没有计算结果，请粘贴为数值后重新导入")
    if cell.kind == "covered":
        raise ValueError("是合并单元格，请取消合并并逐行填写")
    return cell.value


def _text(cell: Cell) -> str:
    value = _stored(cell)
    if value is None:
        return ""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, bool):
        raise ValueError(f"是逻辑值 {str(value).upper()}，请改为文字后重新导入")
    if isinstance(value, int | float):
        return _as_displayed(_number(value), cell.number_format)
    raise ValueError("是日期或时间，请将该单元格设为文本格式后重新填写")


def _number(value: int | float) -> str:
    """The number's plain digits, without exponent."""
    if value == int(value):
        if abs(value) >= 10**EXACT_DIGITS:
            raise ValueError("可能丢失精度，请将该列设为文本格式后重新填写")
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def _as_displayed(number: str, number_format: str) -> str:
    """A format of zeros only pads the number; one that adds letters shows what is not stored."""
    shown_format = number_format.split(";")[0]
    if padded := ZERO_PADDED.fullmatch(shown_format):
        return number.zfill(len(padded[1]))
    if ADDED_BY_FORMAT.search(shown_format):
        raise ValueError("是带自定义格式的数字，显示的与存储的不同，请将该列设为文本格式后按显示的内容填写")
    return number


def _squeezed(text: str) -> str:
    """NFKC, without any space or joiner."""
    return "".join(character for character in _normalised(text) if character not in SPACES + JOINERS)


def _normalised(text: str) -> str:
    """NFKC; a text far too long for what is read this way stays as it is, and so is refused."""
    return text if len(text) > NORMALISED_LENGTH else clean_text(unicodedata.normalize("NFKC", text))


def _limited(text: str, max_length: int) -> str:
    if len(text) > max_length:
        raise ValueError(f"有 {len(text)} 个字，最多 {max_length} 个字，请缩短")
    return text


def _date_of(text: str) -> date:
    for form in DATES:
        if found := form.fullmatch(text):
            try:
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                raise ValueError(f"“{shown(text)}”不是有效的日期，请写成 2020-03-01 的形式") from None
    raise ValueError(f"“{shown(text)}”不是日期，请写成 2020-03-01 的形式")
