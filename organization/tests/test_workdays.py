from datetime import date

import pytest

from organization.models import Holiday
from organization.services.workdays import Workdays

MONDAY = date(2026, 3, 2)


@pytest.mark.django_db
def test_working_days_pass_over_weekends_and_holidays_and_count_moved_ones():
    assert Workdays.load(MONDAY).after(MONDAY, 0) == MONDAY
    assert Workdays.load(MONDAY).after(MONDAY, 10) == date(2026, 3, 16)
    Holiday.objects.create(date=date(2026, 3, 4), name="休息")
    Holiday.objects.create(date=date(2026, 3, 7), name="调休", is_workday=True)
    days = Workdays.load(MONDAY)
    assert [days.after(MONDAY, number).day for number in range(1, 6)] == [3, 5, 6, 7, 9]
    assert days.after(date.max, 1) == date.max
