"""领读: everybody sees what is planned and done, leaders fill in their own months, the office all of its own."""

from datetime import date, timedelta

import pytest

from organization.models import Posting
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory
from reading.models import Book, Lead
from reading.services.leading import LeadContent, StaleLead, clear_lead, leaders_in, set_lead
from reading.services.search import index_books
from reading.tests.factories import BookFactory, reader
from reading.tests.plan_making import NOW, TODAY
from shuxiang.tests.queries import queries

pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]
MARCH = date(2024, 3, 1)


def lead(leader, by=None, month=MARCH, title="论语", seen=None, **more):
    content = LeadContent(title, **more)
    return set_lead(leader=leader, month=month, seen=seen, content=content, by=by or leader, now=NOW)


def test_a_leader_plans_the_own_months_and_the_office_everybodys():
    leader, office = reader(Role.LEADER), reader(Role.OFFICE)
    lead(leader)
    lead(leader, by=office, month=date(2024, 4, 1))
    for stranger in (reader(), reader(Role.LEADER), reader(Role.LIBRARIAN)):
        with pytest.raises(NotAllowed):
            lead(leader, by=stranger, month=date(2024, 5, 1))
    with pytest.raises(NotAllowed):
        lead(stranger, by=stranger)


def test_the_office_of_another_agency_plans_nothing():
    county = County()
    leader = CadreFactory(roles=[Role.LEADER], department=county.foreign_office)
    with pytest.raises(NotAllowed):
        lead(leader, by=county.clerk)
    assert lead(leader, by=county.head).title == "论语"


def test_of_two_who_plan_or_change_a_month_the_later_is_told():
    leader = reader(Role.LEADER)
    made = lead(leader)
    with pytest.raises(StaleLead):
        lead(leader, title="另一本")
    changed = set_lead(leader=leader, month=MARCH, seen=made.changed_at, content=LeadContent("新的"), by=leader,
                       now=NOW + timedelta(seconds=1))  # fmt: skip
    with pytest.raises(StaleLead):
        lead(leader, title="又一本", seen=made.changed_at)
    with pytest.raises(StaleLead):
        clear_lead(lead=made, seen=made.changed_at, by=leader, now=NOW)
    assert Lead.objects.get().title == "新的"
    clear_lead(lead=changed, seen=changed.changed_at, by=leader, now=NOW)
    assert Lead.objects.count() == 0


def test_what_is_done_is_not_taken_back_and_what_is_to_come_is_not_done():
    leader = reader(Role.LEADER)
    done = lead(leader, is_done=True)
    with pytest.raises(ValueError, match="已经完成"):
        clear_lead(lead=done, seen=done.changed_at, by=leader, now=NOW)
    with pytest.raises(ValueError, match="还没有到这个月"):
        lead(leader, month=date(2024, 4, 1), is_done=True)


def test_leaders_are_those_in_service_in_the_year_and_who_led_then():
    office = reader(Role.OFFICE)
    serving, gone, plain = reader(Role.LEADER), reader(Role.LEADER), reader()
    Posting.objects.filter(cadre=gone).update(until=date(2023, 6, 30))
    Lead.objects.create(leader=plain, month=MARCH, title="从前的领导")

    def found(year):
        return set(leaders_in(year, seen_by=office, today=TODAY))

    assert (found(2024), found(2023)) == ({serving, plain}, {serving, gone})


def test_everybody_sees_the_grid_and_nobody_but_the_office_what_is_overdue(client):
    leader, office, cadre = reader(Role.LEADER), reader(Role.OFFICE), reader()
    lead(leader, month=date(2024, 1, 1), title="已读的", is_done=True)
    lead(leader, month=date(2024, 2, 1), title="没讲的", reason="好书", talk_topic="讲一讲")
    lead(leader, title="本月的")
    pages = {}
    for viewer in (leader, office, cadre):
        client.force_login(viewer)
        pages[viewer] = client.get("/leads/").content.decode()
        for shown in ("已读的", "没讲的", "讲一讲", "本月的", "好书"):
            assert shown in pages[viewer]
        assert "没讲的" in client.get("/leads/print/").content.decode()
    assert [pages[each].count("已过月份") for each in (leader, office, cadre)] == [0, 1, 0]
    assert [f"/leads/{leader.pk}/2024-3/" in pages[each] for each in (leader, office, cadre)] == [True, True, False]
    # The office's own sentence, too, is the office's alone.
    assert ["没有完成的" in pages[each] for each in (leader, office, cadre)] == [False, True, False]
    assert "已过月份" not in client.get("/leads/print/").content.decode()


def test_an_agency_sees_its_own_leaders(client):
    county = County()
    ours = CadreFactory(roles=[Role.LEADER], name="本局领导", department=county.ours)
    CadreFactory(roles=[Role.LEADER], name="外局领导", department=county.theirs)
    client.force_login(county.colleague)
    page = client.get("/leads/").content.decode()
    assert (ours.name in page, "外局领导" in page) == (True, False)


def test_a_month_is_filled_in_with_a_book_of_the_catalogue(client):
    leader, book = reader(Role.LEADER), BookFactory(title="乡土中国", author="费孝通")
    index_books(Book.objects.all())
    client.force_login(leader)
    address = f"/leads/{leader.pk}/2024-3/"
    page = client.post(address, {"title": "乡土", "action": "find", "seen": "", "reason": "留住"}).content.decode()
    assert (f'value="{book.pk}"' in page, "留住" in page) == (True, True)
    client.post(address, {"title": "乡土", "book": book.pk, "seen": "", "talk_on": "2024-03-08", "is_done": "on"})
    stored = Lead.objects.get()
    assert (stored.title, stored.book, stored.talk_on, stored.is_done) == ("乡土中国", book, date(2024, 3, 8), True)
    response = client.post(address, {"title": "晚来的", "seen": ""})
    assert (response.status_code, "晚来的" in response.content.decode()) == (409, True)
    assert "请填写书名" in client.post(address, {"title": " ", "seen": ""}).content.decode()


@pytest.mark.parametrize("rest", ["2024-13", "2024-0", "1-1", "99999999999999999999-1", "2199-1"])
def test_months_that_no_calendar_has_are_not_found(client, rest):
    leader = reader(Role.LEADER)
    client.force_login(leader)
    assert client.get(f"/leads/{leader.pk}/{rest}/").status_code == 404
    assert client.get(f"/leads/{'9' * 30}/2024-3/").status_code == 404
    for year in ("0", "2024x", "9" * 20, "２０２４", "1949"):
        assert client.get(f"/leads/?year={year}").status_code == 404


@pytest.mark.parametrize("words", ["读\x00书", "字" * 60_000, "9" * 40, "=cmd()", "\u202e反转", "📚"])
def test_hostile_words_get_no_failure(client, words):
    leader = reader(Role.LEADER)
    client.force_login(leader)
    for name in ("title", "author", "book", "reason", "talk_topic", "talk_on", "talk_note", "seen", "action"):
        form = {"title": "论语", "seen": "", "reason": "留住这句"} | {name: words}
        assert client.post(f"/leads/{leader.pk}/2024-5/", form).status_code in (200, 302, 409), name


def test_the_desk_corrects_a_month_by_the_same_rules(client):
    leader, office = reader(Role.LEADER), reader(Role.OFFICE)
    stored = Lead.objects.create(leader=leader, month=date(2024, 5, 1), title="论语", book=BookFactory())
    client.force_login(office)
    address = f"/admin/reading/lead/{stored.pk}/change/"
    typed = {"title": "孟子", "author": "", "seen": stored.changed_at.isoformat(), "is_done": "on"}
    assert "还没有到这个月" in client.post(address, typed).content.decode()
    assert client.post(address, typed | {"is_done": ""}).status_code == 302
    stored.refresh_from_db()
    assert (stored.title, stored.book, stored.is_done) == ("孟子", None, False)
    typed = {"leader": leader.pk, "month": "2024-03-15", "title": "大学"}
    assert client.post("/admin/reading/lead/add/", typed).status_code == 302
    assert Lead.objects.latest("pk").month == MARCH
    assert client.post("/admin/reading/lead/add/", typed).status_code == 200
    county = CadreFactory(roles=[Role.OFFICE])
    client.force_login(county)
    assert client.get(address).status_code == 403


def test_the_grid_takes_at_most_ten_queries_for_one_leader_and_for_thirty(client):
    client.force_login(reader(Role.OFFICE))
    counts = []
    for more in (1, 29):
        for _ in range(more):
            leader = reader(Role.LEADER)
            for month in range(1, 13):
                Lead.objects.create(leader=leader, month=date(2024, month, 1), title="论语", book=BookFactory())
        counts.append(queries(client, "/leads/"))
    assert counts[0] == counts[1] <= 10
