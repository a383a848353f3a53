"""Who is told when a series moves its activities: whoever is on the list, speaks or organises."""

from collections import Counter
from datetime import date

import pytest

from activities.kinds import Part, Pattern
from activities.models import Lecturer, Registration, Speaker
from activities.services.generating import generate
from activities.tests.factories import SeriesFactory, noon
from activities.tests.made_series import NOW, a_reading_day, again, change, made, signed_up
from notices.models import Notice
from organization.models import Holiday
from organization.roles import Role
from organization.tests.factories import CadreFactory, bureau
from reading.tests.factories import reader

pytestmark = pytest.mark.django_db


def test_a_moved_holiday_tells_organiser_and_speakers_once_but_not_who_moved_it():
    clerk, organiser, speaker = CadreFactory(roles=[Role.OFFICE], department=bureau()), reader(), reader()
    series = SeriesFactory(pattern=Pattern.MONTHLY, nth=-1, weekday=5, day_type="work", organiser=organiser)
    started, through = noon(date(2026, 8, 1)), date(2026, 10, 31)
    again(series, now=started, through=through)
    september = made(series)["2026-09"]
    expert = Lecturer.objects.create(name="专家")
    for part in ({"cadre": speaker}, {"cadre": speaker, "part": Part.LEAD}, {"cadre": clerk}, {"lecturer": expert}):
        Speaker.objects.create(activity=september, **part)
    going = signed_up(september)
    for person in (organiser, speaker, clerk):
        Registration.objects.create(activity=september, cadre=person, state="registered", queued_at=NOW)
    Holiday.objects.create(date=date(2026, 9, 25), name="中秋节")
    assert generate(series=series, through=through, now=started, by=clerk).changed == 1
    assert Counter(Notice.objects.values_list("recipient", flat=True)) == Counter([organiser.pk, speaker.pk, going.pk])
    assert set(Notice.objects.values_list("body", flat=True)) == {"日期：9 月 25 日 → 9 月 28 日"}
    Notice.objects.all().delete()
    Holiday.objects.all().delete()
    assert again(series, now=started, through=through).changed == 1
    everybody = Counter([organiser.pk, speaker.pk, going.pk, clerk.pk])
    assert Counter(Notice.objects.values_list("recipient", flat=True)) == everybody


def test_a_new_organiser_is_told_of_what_moves():
    before, after = reader(), reader()
    series = a_reading_day(organiser=before, venue="三楼")
    again(series, through=date(2026, 3, 31))
    change(series, organiser=after, venue="五楼")
    again(series, through=date(2026, 3, 31))
    assert [each.recipient for each in Notice.objects.all()] == [after]


def test_moving_many_asks_as_much_as_moving_one(django_assert_max_num_queries):
    series = a_reading_day(organiser=reader(), venue="三楼")
    again(series, through=date(2027, 12, 31))
    for each in made(series).values():
        Speaker.objects.create(activity=each, cadre=reader())
    change(series, venue="五楼")
    with django_assert_max_num_queries(14 + 22):  # each is stored by compare-and-set
        again(series, through=date(2027, 12, 31))
    assert Notice.objects.count() == 22 + 1
    assert Notice.objects.exclude(recipient=series.organiser).values("recipient").distinct().count() == 22
    told = Notice.objects.get(recipient=series.organiser)
    first, *lines, last = told.body.splitlines()
    assert told.subject == "“3 月职工读书日”等 22 次活动改了时间地点"
    assert told.address == f"/activities/{made(series)['2026-03'].pk}/"
    assert (first, len(lines), last) == ("3 月职工读书日：地点：三楼 → 五楼", 11, "另有 10 次。")
