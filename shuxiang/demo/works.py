"""The bureau's works: every quarter is invented whole and cut at today, so later in it there are only more of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from shuxiang.demo.people import DEMO_AGENCY, Person, recorded_quarters
from shuxiang.demo.titles import Titles
from shuxiang.periods import Quarter

ESSAY, RECITATION, RECOMMENDATION, CREATION, IDEA = ("读书心得", "诵读作品", "好书推荐", "文艺创作", "学以致用")
SHORT_NAMES = {ESSAY: "心得", RECITATION: "诵读", RECOMMENDATION: "荐书", CREATION: "创作", IDEA: "建议"}

RETURNED, REJECTED, APPROVED = "退回", "不通过", "通过"
UNRATED = ""
GRADE_WEIGHTS = {"优秀": 16, "良好": 40, "合格": 44}
LATELY = timedelta(days=5)


@dataclass(frozen=True)
class Work:
    """A line of the 作品登记; `quarter` is the one it names, if any; the first author is the main one."""

    kind: str
    title: str
    authors: tuple[Person, ...]
    day: date
    quarter: Quarter | None
    number: str = ""
    state: str = APPROVED
    grade: str = UNRATED


def invent_works(people: Sequence[Person], today: date) -> list[Work]:
    """All works up to today, by date; numbers run per year and kind."""
    quarters = recorded_quarters(today)
    titles = Titles(Random(f"{DEMO_AGENCY} {quarters[0]}"))
    works: list[Work] = []
    for quarter in quarters:
        random = Random(f"{DEMO_AGENCY} {quarter} works")
        works += _reviewed(_QuarterOfWorks(quarter, people, titles, random).works(), random, today)
    return _numbered([work for work in works if work.day <= today])


class _QuarterOfWorks:
    """What is handed in for one quarter."""

    def __init__(self, quarter: Quarter, people: Sequence[Person], titles: Titles, random: Random) -> None:
        self.quarter = quarter
        self.people = people
        self.titles = titles
        self.random = random

    def works(self) -> list[Work]:
        return [
            *self._essays(),
            *self._alone(RECITATION, 8),
            self._together(RECITATION, most=6, in_party_group=False, late=False),
            self._together(RECITATION, most=6, in_party_group=True, late=self.quarter.number % 2 == 0),
            *self._alone(RECOMMENDATION, 10),
            *self._alone(CREATION, 3),
            *self._alone(IDEA, 1),
            self._together(IDEA, most=2, in_party_group=False, late=False),
        ]

    def _essays(self) -> list[Work]:
        """Nearly everybody writes one; some are late, some never write, a few write a second one."""
        writers = [person for person in self.people if person.listed(self.quarter)]
        self.random.shuffle(writers)
        never, late = self.random.randint(3, 5), self.random.randint(2, 3)
        works = []
        for position, person in enumerate(writers[never:] + writers[-3:]):
            day = self._day_of_grace() if position < late else self._day()
            if person.at_work(day):
                works.append(Work(ESSAY, self.titles.next(ESSAY), (person,), day, self.quarter))
        return works

    def _alone(self, kind: str, count: int) -> list[Work]:
        works = []
        for person in self.random.sample(self.people, count):
            day = self._day()
            if person.at_work(day):
                works.append(Work(kind, self.titles.next(kind), (person,), day, None))
        return works

    def _together(self, kind: str, *, most: int, in_party_group: bool, late: bool) -> Work:
        """A work of two to `most` people of one 党小组 or one 科室."""
        day = self._day_of_grace() if late else self._day()
        circles: dict[str, list[Person]] = {}
        for person in self.people:
            circle = person.party_group(day) if in_party_group else person.department(day)
            if circle and person.at_work(day) and person.listed(self.quarter):
                circles.setdefault(circle, []).append(person)
        members = self.random.choice([members for members in circles.values() if len(members) > 1])
        authors = self.random.sample(members, self.random.randint(2, min(most, len(members))))
        title = self.titles.next(kind)
        if kind == RECITATION:
            title = f"集体{title}"
        return Work(kind, title, tuple(authors), day, self.quarter if late else None)

    def _day(self) -> date:
        """A working day after the first week (October's holidays), more likely towards the quarter's end."""
        days = self.quarter.span.days
        day = self.quarter.span.first + timedelta(days=int(self.random.triangular(9, days, days * 0.8)))
        return day - timedelta(days=max(0, day.weekday() - 4))

    def _day_of_grace(self) -> date:
        """A working day among the eighth to the tenth after the quarter's last, the end of the grace days."""
        days = [self.quarter.span.last + timedelta(days=after) for after in (8, 9, 10)]
        return self.random.choice([day for day in days if day.weekday() < 5])


def _reviewed(works: list[Work], random: Random, today: date) -> list[Work]:
    """Of a quarter's works one is returned and one rejected; what came in lately is not rated yet."""
    verdicts = [APPROVED] * len(works)
    verdicts[:2] = [RETURNED, REJECTED]
    random.shuffle(verdicts)
    reviewed = []
    for work, verdict in zip(works, verdicts, strict=True):
        grade = random.choices(list(GRADE_WEIGHTS), list(GRADE_WEIGHTS.values()))[0]
        if today - work.day < LATELY:
            reviewed.append(replace(work, state=APPROVED))
        elif verdict == APPROVED:
            reviewed.append(replace(work, state=verdict, grade=grade))
        else:
            reviewed.append(replace(work, state=verdict))
    return reviewed


def _numbered(works: list[Work]) -> list[Work]:
    used: Counter[tuple[int, str]] = Counter()
    numbered = []
    for work in sorted(works, key=lambda work: work.day):
        series = (work.day.year, SHORT_NAMES[work.kind])
        used[series] += 1
        numbered.append(replace(work, number=f"{series[0]}-{series[1]}-{used[series]:04}"))
    return numbered
