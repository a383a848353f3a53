"""What the programme's calendar has from the first day; called by a migration and by tests."""

from datetime import date
from typing import Any

from activities.kinds import (
    BOOK_DAY,
    NATIONAL_DAY,
    PARTY_DAY,
    READING_DAY,
    READING_MONTH,
    READING_WEEK,
    SHARING,
    Pattern,
)

# Title, category, pattern and what that needs; the office edits, pauses or ends each.
SERIES: tuple[tuple[str, str, Pattern, dict[str, Any]], ...] = (
    ("职工读书日", READING_DAY, Pattern.READING_DAY, {"for_union": True}),
    ("读书分享会", SHARING, Pattern.QUARTERLY, {"month": 2, "nth": -1, "weekday": 3, "day_type": "work"}),
    ("世界读书日", BOOK_DAY, Pattern.YEARLY, {"month": 4, "day": 23}),
    ("全民阅读活动周", READING_WEEK, Pattern.READING_WEEK, {"days": 7}),
    ("建党节读书活动", PARTY_DAY, Pattern.YEARLY, {"month": 7, "day": 1, "for_branch": True}),
    ("国庆节读书活动", NATIONAL_DAY, Pattern.YEARLY, {"month": 9, "day": 30, "day_type": "work", "shift": "earlier"}),
    ("全局读书月", READING_MONTH, Pattern.YEARLY, {"month": 12, "day": 1, "days": 31, "for_branch": True}),
)
# Title, category, label, times a year (None: as the series yield).
COMMITMENTS: tuple[tuple[str, str, str, int | None], ...] = (
    ("职工读书日", READING_DAY, "", None),
    ("读书分享会", SHARING, "", None),
    ("工会读书活动", "", "for_union", 2),
)


def seed_programme(series_model: Any, commitment_model: Any, today: date) -> None:
    """Adds the recurring days and the commitments where there are none yet; running it again changes nothing."""
    if not series_model.objects.exists():
        series_model.objects.bulk_create(
            series_model(title=title, category=category, pattern=pattern, since=today, **chosen)
            for title, category, pattern, chosen in SERIES
        )
    if not commitment_model.objects.exists():
        commitment_model.objects.bulk_create(
            commitment_model(title=title, category=category, tag=tag, target=target, position=place)
            for place, (title, category, tag, target) in enumerate(COMMITMENTS)
        )
