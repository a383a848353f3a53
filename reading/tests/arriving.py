"""Registers of books as tests bring them in."""

from pathlib import Path
from typing import Any

import pytest

from reading.models import Book, Copy, CopyEvent, Place
from shuxiang.tests.registers import refusal, write_book

SAMPLES = Path(__file__).parent / "samples"
HEADER = ["ISBN", "书名", "作者", "出版社", "出版年", "分类", "册数", "位置", "来源", "捐赠人", "入藏日期"]
ISBNS = ["9787020002207", "9787108009821", "9787101003048"]


def row(title: str = "论语", **values: Any) -> list[Any]:
    """`row("史记", ISBN=…)`: the columns by their headers."""
    return [title if name == "书名" else values.get(name) for name in HEADER]


def books_file(folder: Path, *rows: list[Any], header: list[str] | None = None, sheet: str = "图书") -> Path:
    return write_book(folder / "图书.xlsx", {sheet: [header or HEADER, *rows]})


def catalogue() -> dict[str, list[dict[str, Any]]]:
    """All that an import of books may write."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in (Place, Book, Copy, CopyEvent)}


@pytest.fixture
def file(tmp_path):
    return lambda *rows, **options: books_file(tmp_path, *rows, **options)


def refused(path: Path) -> str:
    """What the refusal says; nothing was written."""
    before = catalogue()
    said = refusal("import_books", path)
    assert catalogue() == before
    return said
