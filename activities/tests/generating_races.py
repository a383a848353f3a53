"""Several who generate the same series at one moment, again and again, on a database of its own.

    python -m activities.tests.generating_races [--server postgres://…/postgres] [--rounds 10] [--threads 8]

Last line: what was made and changed, and what must never be: wrong=0 errors=0; the exit code is 1 where one is not 0.
"""

import sys
from datetime import date, datetime
from functools import partial

from shuxiang.tests.races import at_once, options, scratch_database, tell

YEAR = 2026
MONTHS = 12


def play(rounds: int, threads: int) -> dict[str, int]:
    from activities.models import Activity, ActivityEvent, Series
    from activities.services.generating import Generated, generate
    from activities.tests.factories import SeriesFactory
    from shuxiang.periods import SHANGHAI

    now, through = datetime(YEAR, 1, 1, 8, tzinfo=SHANGHAI), date(YEAR, 12, 31)
    Series.objects.all().delete()
    pair = [SeriesFactory(), SeriesFactory(nth=1)]
    counts = dict.fromkeys(("created", "changed", "wrong", "errors"), 0)
    for number in range(rounds):
        ActivityEvent.objects.all().delete()
        Activity.objects.all().delete()
        jobs = [partial(generate, series=series, through=through, now=now) for series in pair] * threads
        for venue in (f"{number} 楼", f"{number} 号楼"):
            found = at_once(*jobs)
            made = [each for each in found if isinstance(each, Generated)]
            counts["errors"] += len(found) - len(made)
            counts["created"] += sum(each.created for each in made)
            counts["changed"] += sum(each.changed for each in made)
            Series.objects.update(venue=venue)
        rows = set(Activity.objects.values_list("reference", "series", "occurrence", "version", "sequence"))
        numbers = {row[0] for row in rows}
        keys = {(series.pk, f"{YEAR}-{month:02}") for series in pair for month in range(1, MONTHS + 1)}
        counts["wrong"] += numbers != {f"HD{YEAR}-{each:04}" for each in range(1, 2 * MONTHS + 1)}
        counts["wrong"] += {row[1:3] for row in rows} != keys
        counts["wrong"] += {row[3:] for row in rows} != {(2, 1)}
        counts["wrong"] += ActivityEvent.objects.count() != 4 * MONTHS
    counts["wrong"] += counts["created"] != rounds * 2 * MONTHS or counts["changed"] != rounds * 2 * MONTHS
    return counts


def main() -> int:
    asked = options(rounds=10, threads=8)
    with scratch_database(asked.server):
        counts = play(asked.rounds, asked.threads)
    return tell(counts, ("wrong", "errors"))


if __name__ == "__main__":
    sys.exit(main())
