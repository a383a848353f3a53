"""What the answers of a closed questionnaire come to. Sheets are read as a whole and told only as numbers; texts are
told in an order of chance, question by question, so that two texts of one sheet are not found together."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from activities.kinds import QuestionKind
from activities.models import Question, Questionnaire
from activities.services.answering import ENOUGH
from activities.services.suppressing import hidden_cells, hidden_groups
from activities.states import QuestionnaireState
from organization.services.roles import NotAllowed

UNANSWERED = "未答"
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Bar:
    """`count` of `whole` people; in 多选 the bars of a question come to more than all."""

    label: str
    count: int
    whole: int

    @property
    def percent(self) -> float:
        return 100 * self.count / self.whole if self.whole else 0.0

    @property
    def shown(self) -> str:
        return f"{self.percent:.1f}%"

    @property
    def width(self) -> str:
        """For the drawing, whose numbers have no comma in any language."""
        return f"{self.percent:.2f}"


@dataclass(frozen=True)
class Line:
    """The bars of one question, or of one line of 表格单选; `mean` only of 评分."""

    label: str
    answered: int
    bars: Sequence[Bar]
    mean: str = ""


@dataclass(frozen=True)
class Answered:
    """`lines` is empty for 填空."""

    number: int
    question: Question
    lines: Sequence[Line]
    texts: Sequence[str]

    @property
    def answered(self) -> int:
        return len(self.texts) if self.question.kind == QuestionKind.TEXT else max(each.answered for each in self.lines)


@dataclass(frozen=True)
class Results:
    questionnaire: Questionnaire
    questions: Sequence[Question]
    contents: Sequence[Content]

    @property
    def total(self) -> int:
        return len(self.contents)

    @property
    def is_enough(self) -> bool:
        return self.total >= ENOUGH

    @cached_property
    def answers(self) -> list[Answered]:
        """Nothing where too few sheets came in."""
        if not self.is_enough:
            return []
        return [
            Answered(number, each, lines_of(each, self.contents), texts_of(each, self.contents))
            for number, each in enumerate(self.questions, start=1)
        ]

    @property
    def groupings(self) -> list[Question]:
        return [each for each in self.questions if each.kind == QuestionKind.SINGLE]


def results_of(questionnaire: Questionnaire) -> Results:
    """Two queries, where sheets and questions are not known yet. Raises NotAllowed before the end: who watches the
    numbers grow sees what the last one answered."""
    if questionnaire.state != QuestionnaireState.CLOSED:
        raise NotAllowed("问卷结束以后才能看结果。")
    contents = [sheet.content for sheet in questionnaire.sheets.all()]
    return Results(questionnaire, list(questionnaire.questions.all()), contents)


def values_of(question: Question, contents: Sequence[Content], line: int | None = None) -> list[Any]:
    """Of each sheet what it answers, None where it does not."""
    given = [content.get(str(question.pk)) for content in contents]
    return given if line is None else [each[line] if each else None for each in given]


def lines_of(question: Question, contents: Sequence[Content]) -> list[Line]:
    if question.kind == QuestionKind.MATRIX:
        return [
            chosen(label, question.options, values_of(question, contents, place))
            for place, label in enumerate(question.lines)
        ]
    values = values_of(question, contents)
    match question.kind:
        case QuestionKind.SINGLE:
            return [chosen("", question.options, values)]
        case QuestionKind.MULTIPLE:
            answered = [each for each in values if each is not None]
            bars = [
                Bar(label, sum(place in each for each in answered), len(answered))
                for place, label in enumerate(question.options)
            ]
            return [Line("", len(answered), bars)]
        case QuestionKind.SCALE:
            scores = [each for each in values if each is not None]
            bars = [Bar(f"{each} 分", scores.count(each), len(scores)) for each in range(question.most, 0, -1)]
            return [Line("", len(scores), bars, mean_of(scores))]
    return []


def chosen(label: str, options: Sequence[str], values: Sequence[int | None]) -> Line:
    answered = [each for each in values if each is not None]
    bars = [Bar(option, answered.count(place), len(answered)) for place, option in enumerate(options)]
    return Line(label, len(answered), bars)


def mean_of(scores: Sequence[int]) -> str:
    return f"{sum(scores) / len(scores):.2f}" if scores else ""


def texts_of(question: Question, contents: Sequence[Content]) -> list[str]:
    if question.kind != QuestionKind.TEXT:
        return []
    texts = [each for each in values_of(question, contents) if each]
    secrets.SystemRandom().shuffle(texts)
    return texts


@dataclass(frozen=True)
class Row:
    """A group's numbers, each with the head of its column; None where it must not be shown, as must a mean."""

    label: str
    cells: Sequence[tuple[str, Bar | None]] = ()
    mean: str | None = None


@dataclass(frozen=True)
class Table:
    question: Question
    line: str
    heads: Sequence[str]
    rows: Sequence[Row]

    @property
    def tells(self) -> bool:
        """Whether anything but empty cells is left to show."""
        return any(row.mean is not None or any(bar and bar.count for _, bar in row.cells) for row in self.rows)


class BreakDown:
    """The answers by the groups of one 单选. Groups of under five are not told, nor what gives them away."""

    def __init__(self, results: Results, by: Question) -> None:
        self.by, self.contents = by, results.contents
        self.groups = [*by.options, UNANSWERED]
        self.group_of = values_of(by, self.contents)
        sizes = [self.members(place).count(True) for place in range(len(self.groups))]
        self.hidden = hidden_groups(sizes, ENOUGH)
        self.shown = [place for place, size in enumerate(sizes) if size and place not in self.hidden]
        self.sizes = sizes
        self.questions = [each for each in results.questions if each.pk != by.pk and each.kind != QuestionKind.TEXT]

    def members(self, place: int) -> list[bool]:
        wanted = place if place < len(self.by.options) else None
        return [each == wanted for each in self.group_of]

    @property
    def told(self) -> list[tuple[str, int]]:
        return [(self.groups[place], self.sizes[place]) for place in self.shown]

    def tables(self) -> Iterator[Table]:
        """None where all groups are too small, or only one is left."""
        if len(self.shown) < 2:
            return
        for question in self.questions:
            match question.kind:
                case QuestionKind.SCALE:
                    yield self.means(question)
                case QuestionKind.MULTIPLE:
                    yield self.shares(question)
                case QuestionKind.MATRIX:
                    for place, line in enumerate(question.lines):
                        yield self.counts(question, values_of(question, self.contents, place), line)
                case _:
                    yield self.counts(question, values_of(question, self.contents))

    def table(self, values: Sequence[object], wanted: Sequence[object]) -> list[list[int]]:
        rows = []
        for place in range(len(self.groups)):
            inside = [value for value, is_in in zip(values, self.members(place), strict=True) if is_in]
            rows.append([inside.count(each) for each in wanted])
        return rows

    def counts(self, question: Question, values: Sequence[int | None], line: str = "") -> Table:
        """The two tables of two 单选, each by the other, hide the same cells, or one would give away the other's."""
        table = self.table(values, [*range(len(question.options)), None])
        if question.kind == QuestionKind.SINGLE and question.position < self.by.position:
            turned = hidden_cells([list(column) for column in zip(*table, strict=True)], ENOUGH)
            hidden = {(row, column) for column, row in turned}
        else:
            hidden = hidden_cells(table, ENOUGH)
        heads = [*question.options, UNANSWERED]
        left_out = any(counts[-1] for counts in table)
        return self.drawn(question, line, table, hidden, list(enumerate(heads if left_out else question.options)))

    def shares(self, question: Question) -> Table:
        """Each option is a table of its own: who chose it, and who did not."""
        values = [each or [] for each in values_of(question, self.contents)]
        merged, hidden = [[0] * len(question.options) for _ in self.groups], set()
        for place in range(len(question.options)):
            table = self.table([place in each for each in values], [True, False])
            hidden |= {(row, place) for row, _ in hidden_cells(table, ENOUGH)}
            for row, counts in enumerate(table):
                merged[row][place] = counts[0]
        return self.drawn(question, "", merged, hidden, list(enumerate(question.options)))

    def drawn(
        self,
        question: Question,
        line: str,
        table: Sequence[Sequence[int]],
        hidden: set[tuple[int, int]],
        columns: list[tuple[int, str]],
    ) -> Table:
        rows = [
            Row(
                self.groups[row],
                [
                    (head, None if (row, column) in hidden else Bar(head, table[row][column], self.sizes[row]))
                    for column, head in columns
                ],
            )
            for row in self.shown
        ]
        return Table(question, line, [head for _, head in columns], rows)

    def means(self, question: Question) -> Table:
        values = values_of(question, self.contents)
        scores = [
            [value for value, is_in in zip(values, self.members(place), strict=True) if is_in and value is not None]
            for place in range(len(self.groups))
        ]
        hidden = hidden_groups([len(each) for each in scores], ENOUGH)
        rows = [
            Row(self.groups[row], mean=None if row in hidden else mean_of(scores[row]) or UNANSWERED)
            for row in self.shown
        ]
        return Table(question, "", ["平均分"], rows)


@dataclass(frozen=True)
class Pair:
    """One question or line that two questionnaires ask in the same words; the second bar of each is the other's."""

    question: Question
    label: str
    bars: Sequence[tuple[Bar, Bar]]
    means: tuple[str, str]


def compare(results: Results, other: Results) -> list[Pair]:
    """What both ask alike: text, kind, options and lines. Nothing where either has too few sheets."""
    known = {wording(each.question): each for each in other.answers}
    return [
        Pair(own.question, mine.label, list(zip(mine.bars, theirs.bars, strict=True)), (mine.mean, theirs.mean))
        for own in results.answers
        if (match := known.get(wording(own.question))) is not None
        for mine, theirs in zip(own.lines, match.lines, strict=True)
    ]


def wording(question: Question) -> tuple[object, ...]:
    most = question.most if question.kind == QuestionKind.SCALE else 0
    return question.kind, question.text, tuple(question.options), tuple(question.lines), most
