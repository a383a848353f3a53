"""What a register's sheets and columns must look like."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .stream import Cell
from .values import (
    clean_text,
    read_choice,
    read_date,
    read_employee_number,
    read_employee_numbers,
    read_name,
    read_phone,
    read_text,
)

REMARK = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True)
class Column:
    """`read` takes the cell and the workbook's epoch; a `required` column must exist and be filled."""

    name: str
    read: Callable[[Cell, datetime], Any]
    required: bool = False


@dataclass(frozen=True)
class SheetSpec:
    name: str
    columns: tuple[Column, ...]
    optional: bool = False


def text_column(name: str, max_length: int, required: bool = False) -> Column:
    return Column(name, lambda cell, epoch: read_text(cell, max_length), required)


def name_column(name: str, required: bool = False) -> Column:
    return Column(name, lambda cell, epoch: read_name(cell), required)


def employee_number_column(name: str, required: bool = False) -> Column:
    return Column(name, lambda cell, epoch: read_employee_number(cell), required)


def employee_numbers_column(name: str) -> Column:
    return Column(name, lambda cell, epoch: read_employee_numbers(cell))


def date_column(name: str, required: bool = False) -> Column:
    return Column(name, read_date, required)


def choice_column(name: str, choices: Mapping[str, Any], required: bool = False) -> Column:
    return Column(name, lambda cell, epoch: read_choice(cell, choices), required)


def phone_column(name: str, required: bool = False) -> Column:
    return Column(name, lambda cell, epoch: read_phone(cell), required)


def title_key(title: str) -> str:
    """By which sheets are found: full-width forms, case and spaces do not matter."""
    return "".join(clean_text(unicodedata.normalize("NFKC", title[:200])).casefold().split())


def header_key(header: str) -> str:
    """By which columns are found; neither do stars and a remark in brackets at the end: `工 号*（必填）`."""
    return REMARK.sub("", title_key(header).replace("*", ""))
