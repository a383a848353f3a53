"""Many answer at one moment, on a database of its own, and how long an answer takes beside many others.

    python -m activities.tests.answering_races [--server postgres://…/postgres] [--rounds 5] [--sheets 2000]

Last line: what must never be: double=0 lost=0 errors=0, and the milliseconds of one answer; the exit code is 1 where
one of the first three is not 0.
"""

import sys
import time
from functools import partial

from shuxiang.tests.races import at_once, options, scratch_database, tell

PEOPLE, THREADS = 30, 20


def compete(rounds: int, sheets: int) -> dict[str, int]:
    from django.utils import timezone

    from activities.models import AnswerSheet, Invitation, Questionnaire
    from activities.services.answering import AlreadyAnswered, answer
    from activities.tests.asking import opened, readers

    today, people = timezone.localdate(), readers(PEOPLE)
    double = lost = errors = 0
    for _ in range(rounds):
        first = opened(people)
        found = at_once(
            *[partial(answer, questionnaire=first, cadre=people[0], content={"1": 0}, today=today)] * THREADS
        )
        errors += sum(each is not None and not isinstance(each, AlreadyAnswered) for each in found)
        double += first.sheets.count() - 1
        second = Questionnaire.objects.get(pk=opened(people).pk)
        found = at_once(
            *(
                partial(answer, questionnaire=second, cadre=each, content={"1": place}, today=today)
                for place, each in enumerate(people)
            )
        )
        errors += sum(each is not None for each in found)
        given = sorted(each["1"] for each in second.sheets.values_list("content", flat=True))
        lost += PEOPLE - len(given) + (given != list(range(PEOPLE)))
        lost += second.invitations.filter(has_answered=False).count()

    many = opened(people)
    content = {str(number): [0, 1, 2] for number in range(11)} | {"12": "希望多买一些历史书，周末也能借。" * 4}
    AnswerSheet.objects.bulk_create(AnswerSheet(questionnaire=many, content=content) for _ in range(sheets))
    begun = time.perf_counter()
    for each in people[:10]:
        answer(questionnaire=many, cadre=each, content=content, today=today)
    took = (time.perf_counter() - begun) * 100
    assert Invitation.objects.filter(questionnaire=many, has_answered=True).count() == 10
    return {"double": double, "lost": lost, "errors": errors, "sheets": sheets, "milliseconds": round(took)}


def main() -> int:
    asked = options(rounds=5, sheets=2000)
    with scratch_database(asked.server):
        counts = compete(asked.rounds, asked.sheets)
    return tell(counts, ("double", "lost", "errors"))


if __name__ == "__main__":
    sys.exit(main())
