"""A questionnaire's results as a workbook: numbers only, and the texts in an order of chance."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook

from activities.services.results import Answered, Results
from shuxiang.workbooks.writing import Column, Layout, Value, saved, write_sheet

NUMBERS = [
    Column("题号", 6, "count"),
    Column("题目", 44),
    Column("题型", 10, "center"),
    Column("行", 22),
    Column("选项", 26),
    Column("人数", 8, "count"),
    Column("占作答人数", 12, "rate"),
    Column("作答人数", 10, "count"),
    Column("平均分", 9, "center"),
]
TEXTS = [Column("题号", 6, "count"), Column("题目", 40), Column("回答（顺序打乱）", 90)]


def results_workbook(results: Results, unit: str, today: date) -> BytesIO:
    book, asked = Workbook(write_only=True), results.questionnaire
    told = f"{unit}　答卷 {results.total} 份　制表日期：{today}"
    write_sheet(book, Layout("统计", asked.title, told, NUMBERS, frozen=2), number_rows(results.answers))
    if any(each.texts for each in results.answers):
        write_sheet(book, Layout("填空", asked.title, told, TEXTS), text_rows(results.answers))
    return saved(book)


def number_rows(answers: Sequence[Answered]) -> Iterator[Sequence[Value]]:
    for each in answers:
        question = each.question
        for line in each.lines:
            for bar in line.bars:
                rate = Decimal(bar.count) / bar.whole if bar.whole else None
                yield (
                    each.number, question.text, question.get_kind_display(), line.label, bar.label, bar.count,
                    rate, line.answered, line.mean,
                )  # fmt: skip


def text_rows(answers: Sequence[Answered]) -> Iterator[Sequence[Value]]:
    for each in answers:
        for text in each.texts:
            yield each.number, each.question.text, text
