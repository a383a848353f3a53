"""The pages of plans: how many queries they take, and what hostile input gets."""

import re
from datetime import date
from uuid import uuid4

import pytest

from organization.roles import Role
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.kinds import Visibility
from reading.models import Book, Plan, PlanItem, PlanNote
from reading.services.plan_books import add_note, drop_book
from reading.services.planning import PlannedBook, save
from reading.services.search import index_books
from reading.states import PlanState
from reading.tests.factories import BookFactory, reader
from reading.tests.hostile import HOSTILE
from reading.tests.plan_making import (
    NOW,
    TODAY,
    begun,
    content,
    fresh,
    item_of,
    read_all,
    reported,
    text_of,
)  # fmt: skip
from shuxiang.tests.queries import queries

pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]
ODD = [*HOSTILE, "读\x00书"]


def sent(books=(("论语", "", "2024-03-20"),), **changed):
    form = {
        "title": "读完《论语》", "since": "2024-01-01", "until": "2024-03-31", "visibility": "private", "mentor": "",
        "description": "", "token": str(uuid4()), "revision": "1", "action": "save",
        "books-TOTAL_FORMS": str(len(books)), "books-INITIAL_FORMS": "0",
    }  # fmt: skip
    for place, (title, author, due_on) in enumerate(books):
        form |= {f"books-{place}-title": title, f"books-{place}-author": author, f"books-{place}-due_on": due_on}
    return form | changed


@pytest.mark.parametrize("name", ["", "waiting", "mentored", "shown"])
def test_the_lists_take_at_most_ten_queries_for_one_and_for_thirty(client, name):
    viewer = reader(Role.OFFICE)
    client.force_login(viewer)

    def fill(count):
        for _ in range(count):
            begun(viewer)
            reported(begun(reader(), Visibility.EVERYBODY, viewer))

    counts = []
    for more in (1, 29):
        fill(more)
        counts.append(queries(client, f"/plans/?list={name}"))
    assert counts[0] == counts[1] <= 10


def test_the_page_of_a_plan_takes_the_same_queries_for_one_book_and_for_thirty(client):
    owner = reader()
    client.force_login(owner)
    counts = []
    for books in (1, 30):
        plan = begun(owner, books=[PlannedBook(f"书{number}", book=BookFactory()) for number in range(books)])
        for number in range(books):
            add_note(plan=plan, by=owner, text=f"笔记{number}", now=NOW)
        for address in (f"/plans/{plan.pk}/", f"/plans/{plan.pk}/edit/"):
            counts.append(queries(client, address))
    assert counts[:2] == counts[2:]


def test_a_plan_is_made_found_in_the_list_and_shown(client):
    owner = reader()
    assert "还没有阅读计划" in text_of(client, owner, "/plans/")
    book = BookFactory(title="论语译注", author="杨伯峻", isbn="9787101003048")
    form = sent([("978-7-101-00304-8", "", "2024-03-20"), ("", "", ""), ("散页", "某人", "")], mentor="")
    response = client.post("/plans/new/", form)
    plan = Plan.objects.get()
    assert response.url == f"/plans/{plan.pk}/"
    assert list(plan.items.values_list("title", "author", "book")) == [
        ("论语译注", "杨伯峻", book.pk),
        ("散页", "某人", None),
    ]
    assert client.post("/plans/new/", form).url == response.url
    assert Plan.objects.count() == 1
    assert plan.title in client.get("/plans/").content.decode()


def test_the_small_buttons_fill_in_and_store_nothing(client):
    client.force_login(reader())
    book = BookFactory(title="红星照耀中国")
    index_books(Book.objects.all())
    page = client.post("/plans/new/", sent(action="span:year")).content.decode()
    assert 'value="2024-12-31"' in page
    page = client.post("/plans/new/", sent(action="more", title="打到一半")).content.decode()
    assert (page.count("查馆藏"), "打到一半" in page) == (5, True)
    page = client.post("/plans/new/", sent([("红星", "", "")], action="find:0")).content.decode()
    assert f'name="books-0-book" value="{book.pk}"' in page
    page = client.post("/plans/new/", sent([("没有这书", "", "")], action="find:0")).content.decode()
    assert "馆藏里没有找到" in page
    assert "请改正下面的内容" not in page
    assert Plan.objects.count() == 0


def test_a_title_typed_over_is_no_longer_the_chosen_book(client):
    client.force_login(reader())
    book = BookFactory(title="论语译注", author="杨伯峻", search_text="论语译注")
    for title, expected in (("论语", ("论语译注", book.pk)), ("", ("论语译注", book.pk)), ("孟子", ("孟子", None))):
        client.post("/plans/new/", sent([(title, "", "")], **{"books-0-book": str(book.pk)}))
        item = PlanItem.objects.latest("pk")
        assert (item.title, item.book_id) == expected, title


def test_a_book_is_brought_along_from_its_page(client):
    client.force_login(reader())
    book = BookFactory(title="乡土中国")
    assert 'value="乡土中国"' in client.get(f"/plans/new/?book={book.pk}").content.decode()
    for key in ("9" * 30, "x", "0", "-1"):
        assert client.get(f"/plans/new/?book={key}").status_code == 200


def test_a_mentor_is_named_by_name_or_number_and_namesakes_are_told_apart(client):
    department = DepartmentFactory(name="法规科", parent=bureau())
    owner, only = CadreFactory(department=department), CadreFactory(name="独一人", department=department)
    twins = [CadreFactory(name="同名人", department=department) for _ in range(2)]
    client.force_login(owner)
    client.post("/plans/new/", sent(mentor="独一人"))
    assert Plan.objects.get().mentor == only
    page = client.post("/plans/new/", sent(mentor="同名人", title="两位")).content.decode()
    assert re.findall(r"同名人，法规科，工号 (\w+)", page) == [each.employee_number for each in twins]
    assert 'value="两位"' in page
    client.post("/plans/new/", sent(mentor="同名人", mentor_choice=str(twins[1].pk)))
    client.post("/plans/new/", sent(mentor=f"同名人（{twins[0].employee_number}）"))
    assert [plan.mentor for plan in Plan.objects.order_by("pk")[1:]] == [twins[1], twins[0]]
    for words, told in ((owner.name, "导师不能是本人"), ("查无此人", "没有找到在职的"), ("长" * 99, "没有找到在职的")):
        assert told in client.post("/plans/new/", sent(mentor=words)).content.decode(), words
    assert Plan.objects.count() == 3


def test_namesakes_of_other_agencies_are_not_told_by_their_numbers(client):
    county = County()
    there = [CadreFactory(name="同名人", department=county.foreign_office) for _ in range(2)]
    client.force_login(county.colleague)
    page = client.post("/plans/new/", sent(mentor="同名人")).content.decode()
    assert "外单位有 2 人" in page
    assert all(each.employee_number not in page for each in there)


@pytest.mark.parametrize("words", ODD, ids=range(len(ODD)))
def test_hostile_words_are_refused_or_stored_and_never_lost(client, words):
    owner = reader()
    client.force_login(owner)
    for name in ("title", "description", "mentor", "since", "visibility", "token", "revision", "mentor_choice"):
        assert client.post("/plans/new/", sent(**{name: words})).status_code in (200, 302), name
    rows = {"books-0-title": words, "books-0-author": words, "books-0-due_on": words, "books-0-book": words}
    for form in (rows, {"books-0-item": words}, {"books-TOTAL_FORMS": words}, {"action": f"find:{words}"}):
        page = client.post("/plans/new/", sent(**form, mentor="查无此人", description="留住这句"))
        assert (page.status_code, "留住这句" in page.content.decode()) == (200, True)
    plan = begun(owner)
    for data in ({"text": words}, {"text": words, "item": words}):
        assert client.post(f"/plans/{plan.pk}/notes/", data).status_code in (200, 302)
    for data in ({"action": words}, {"action": "read", "done_on": words}):
        assert client.post(f"/plans/{plan.pk}/books/{item_of(plan).pk}/", data).status_code == 302
    for data in ({"action": words}, {"action": "drop", "reason": words, "revision": words}):
        assert client.post(f"/plans/{plan.pk}/step/", data).status_code in (200, 302)
    for address in (f"/plans/?q={words[:500]}", "/plans/?list=x", f"/plans/?page={words[:100]}"):
        assert client.get(address).status_code in (200, 404)
    assert "<script>alert" not in client.get("/plans/").content.decode()


def test_a_stale_form_keeps_what_was_typed_and_can_be_sent_again(client):
    owner = reader()
    plan = begun(owner)
    client.force_login(owner)
    save(plan=plan, seen=1, content=content(title="别处改的"), by=owner, now=NOW)
    response = client.post(f"/plans/{plan.pk}/edit/", sent(title="这里改的"))
    page = response.content.decode()
    assert (response.status_code, "这里改的" in page, "别处改动过" in page) == (409, True, True)
    assert (fresh(plan).title, 'name="revision" value="2"' in page) == ("别处改的", True)
    assert client.post(f"/plans/{plan.pk}/edit/", sent(title="这里改的", revision="2")).status_code == 302
    assert fresh(plan).title == "这里改的"


def test_a_form_sent_after_the_plan_was_reported_keeps_its_text(client):
    owner = reader()
    plan = reported(begun(owner))
    client.force_login(owner)
    page = client.post(f"/plans/{plan.pk}/edit/", sent(title="来晚的")).content.decode()
    assert ("来晚的" in page, "不能修改" in page) == (True, True)
    assert client.get(f"/plans/{plan.pk}/edit/").url == f"/plans/{plan.pk}/"


def test_a_dropped_book_is_left_as_it_is_by_the_form(client):
    owner = reader()
    plan = begun(owner, books=[PlannedBook("留下"), PlannedBook("放下")])
    drop_book(item=PlanItem.objects.select_related("plan").get(title="放下"), by=owner, now=NOW)
    page = text_of(client, owner, f"/plans/{plan.pk}/edit/")
    assert ("留下" in page, "放下" in page) == (True, False)
    kept = PlanItem.objects.get(title="留下").pk
    form = sent([("留下来", "", "")], **{"books-0-item": str(kept), "revision": str(fresh(plan).revision)})
    client.post(f"/plans/{plan.pk}/edit/", form)
    assert set(plan.items.values_list("title", "is_dropped")) == {("留下来", False), ("放下", True)}


def test_the_life_of_a_plan_on_its_pages(client):
    owner, office = reader(), reader(Role.OFFICE)
    plan = begun(owner)
    client.force_login(owner)
    assert "还不能报告" in client.get(f"/plans/{plan.pk}/complete/").content.decode()
    client.post(f"/plans/{plan.pk}/books/{item_of(plan).pk}/", {"action": "read", "done_on": "2024-03-09"})
    assert item_of(plan).done_on == date(2024, 3, 9)
    seen = {"revision": fresh(plan).revision}
    client.post(f"/plans/{plan.pk}/complete/", seen)
    assert fresh(plan).state == PlanState.COMPLETED
    # The second click of two.
    assert client.post(f"/plans/{plan.pk}/complete/", seen).url == f"/plans/{plan.pk}/"
    client.post(f"/plans/{plan.pk}/step/", {"action": "take_back", "revision": fresh(plan).revision})
    client.post(f"/plans/{plan.pk}/complete/", {"revision": fresh(plan).revision})
    client.force_login(office)
    address = f"/plans/{plan.pk}/confirm/"
    page = client.post(address, {"action": "send_back", "revision": fresh(plan).revision}).content.decode()
    assert "要写明理由" in page
    stale = client.post(address, {"action": "confirm", "revision": "1", "reason": "留住"}).content.decode()
    assert ("刚在别处改动过" in stale, "留住" in stale) == (True, True)
    client.post(address, {"action": "confirm", "revision": fresh(plan).revision})
    assert (fresh(plan).state, fresh(plan).confirmed_on) == (PlanState.CONFIRMED, TODAY)
    client.post(f"/plans/{plan.pk}/revoke/", {"revision": fresh(plan).revision, "reason": "登记有误"})
    assert fresh(plan).state == PlanState.COMPLETED
    assert "登记有误" in client.get(f"/plans/{plan.pk}/").content.decode()


def test_where_the_owner_is_not_in_service_today_the_page_says_so_and_refuses_to_confirm(client):
    owner, office = reader(), reader(Role.OFFICE)
    plan = reported(begun(owner, Visibility.EVERYBODY))
    address = f"/plans/{plan.pk}/confirm/"
    client.force_login(office)
    page = client.get(address).content.decode()
    assert ("没有任职记录" in page, 'value="confirm"' in page) == (False, True)
    owner.postings.update(until=date(2024, 3, 1))
    page = client.get(address).content.decode()
    assert ("不能确认完成" in page, 'value="confirm"' in page, 'value="send_back"' in page) == (True, False, True)
    sent_anyway = {"action": "confirm", "revision": fresh(plan).revision, "reason": "读得认真"}
    page = client.post(address, sent_anyway).content.decode()
    assert (page.count("不能确认完成"), "读得认真" in page, fresh(plan).state) == (1, True, PlanState.COMPLETED)


def test_a_note_that_is_too_long_stays_in_the_box(client):
    owner = reader()
    plan = begun(owner)
    client.force_login(owner)
    page = client.post(f"/plans/{plan.pk}/notes/", {"text": "长" * 20_001}).content.decode()
    assert ("最多 20,000 字" in page, "长" * 20_001 in page, PlanNote.objects.count()) == (True, True, 0)


def test_what_was_typed_outlives_the_session(client, settings):
    owner = reader()
    client.force_login(owner)
    writer = re.search(r'name="writer" value="([^"]+)"', client.get("/plans/new/").content.decode())[1]
    client.logout()
    client.post("/plans/new/", sent(title="没来得及保存", writer=writer))
    session = dict(client.session)
    client.force_login(owner)
    kept = client.session
    kept.update({"kept_forms": session["kept_forms"]})
    kept.save()
    assert "没来得及保存" in client.get("/plans/new/").content.decode()


def test_ones_own_page_shows_the_plan_that_ends_first(client):
    owner = reader()
    read_all(begun(owner))
    begun(owner, title="明年的", since=date(2024, 1, 1), until=date(2025, 1, 1))
    page = text_of(client, owner, "/me/")
    assert ("读完 1 本，共 1 本" in page, "可以报告完成" in page, "明年的" in page) == (True, True, False)


def test_a_book_without_an_author_is_offered_without_a_stray_comma(client):
    client.force_login(reader())
    BookFactory(title="红星照耀中国", author="", publisher="人民文学出版社", year=2016)
    index_books(Book.objects.all())
    page = client.post("/plans/new/", sent([("红星", "", "")], action="find:0")).content.decode()
    assert '<small class="soft">人民文学出版社，2016</small>' in page
