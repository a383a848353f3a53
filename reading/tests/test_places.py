"""Rooms, corners and shelves: services and pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organization.roles import Role
from organization.services.roles import NotAllowed
from reading.models import Copy, CopyEvent, Furniture, Picture, Place, Stocktake
from reading.services.place_tree import PlaceTree, spots_shown
from reading.services.places import Piece, PlaceFacts, StalePlace, WrongPlace, add_place, change_place
from reading.services.search import index_books
from reading.tests.factories import BookFactory, CopyFactory, PlaceFactory, reader
from reading.tests.hostile import HOSTILE
from reading.tests.people import librarian
from shuxiang.tests.pages import text_of
from shuxiang.tests.queries import queries

__all__ = ["librarian"]
pytestmark = pytest.mark.django_db
NOW = timezone.now() + timedelta(minutes=1)


def facts(place: Place, **changed) -> PlaceFacts:
    return PlaceFacts(**{"code": place.code, "name": place.name, "kind": place.kind, "parent": place.parent, **changed})


def change(place: Place, by=None, **changed) -> None:
    place.refresh_from_db()
    by = by or reader(Role.LIBRARIAN)
    change_place(place=place, seen=place.changed_at, facts=facts(place, **changed), by=by, now=NOW)


def typed(**changed) -> dict:
    rows = {"pieces-TOTAL_FORMS": "2", "pieces-INITIAL_FORMS": "0", "pieces-0-name": "台灯", "pieces-0-quantity": "12"}
    return {"name": "三楼阅览室", "code": "YL-301", "kind": "room", "parent": "", "position": "", **rows, **changed}


def test_of_two_who_change_a_place_the_second_is_told_and_furniture_stays_the_firsts():
    place, librarian = PlaceFactory(), reader(Role.LIBRARIAN)
    seen = place.changed_at
    change_place(place=place, seen=seen, facts=facts(place, name="甲"), pieces=[Piece("桌")], by=librarian, now=NOW)
    with pytest.raises(StalePlace, match="刚被别人修改过"):
        change_place(place=place, seen=seen, facts=facts(place, name="乙"), pieces=[Piece("椅")], by=librarian, now=NOW)
    assert Place.objects.get().name == "甲"
    assert [piece.name for piece in Furniture.objects.all()] == ["桌"]


def test_a_place_is_never_inside_itself_or_what_is_inside_it():
    room = PlaceFactory()
    shelf = PlaceFactory(parent=room)
    board = PlaceFactory(parent=shelf)
    for parent in (room, shelf, board):
        with pytest.raises(WrongPlace, match="不能放在它自己"):
            change(room, parent=parent)
    assert Place.objects.get(pk=room.pk).parent is None


def test_places_stand_five_deep_at_most():
    depths = [PlaceFactory()]
    for _ in range(4):
        depths.append(PlaceFactory(parent=depths[-1]))
    with pytest.raises(WrongPlace, match="最多 5 层"):
        add_place(facts=PlaceFacts(code="X", name="第六层", kind="shelf", parent=depths[4]), by=reader(Role.LIBRARIAN))
    room = PlaceFactory()
    with pytest.raises(WrongPlace, match="最多 5 层"):
        change(depths[0], parent=room)
    change(depths[1], parent=room)
    change(PlaceFactory(parent=depths[4]), name="早就在这里")
    assert Place.objects.filter(name="早就在这里", parent=depths[4]).exists()


@pytest.fixture
def circle():
    """As no page makes them: three in a circle, and 1,100 one inside another."""
    first = PlaceFactory()
    last = PlaceFactory(parent=PlaceFactory(parent=first))
    Place.objects.filter(pk=first.pk).update(parent=last)
    top = inner = PlaceFactory(name="最外")
    for _ in range(1_100):
        inner = Place(code=f"N{inner.pk}", name="里面", parent=inner)
        inner.save(force_insert=True)
    return first, top, inner


def test_a_circle_and_a_deep_tree_are_walked_once(circle):
    first, top, inner = circle
    tree = PlaceTree()
    assert (len(tree.within(first.pk)), len(tree.above(first.pk)), len(list(tree.spots(first.pk, 0)))) == (3, 3, 1)
    assert (len(tree.within(top.pk)), len(tree.above(inner.pk))) == (1_101, 1_100)
    assert [spot.depth for spot in tree.in_order()] == list(range(1_101))
    assert [spot.inside for spot in spots_shown(closed_too=False)] == [0]
    change(first, parent=None)
    assert len(PlaceTree().above(first.pk)) == 0


def test_a_code_stands_on_one_shelf_only():
    PlaceFactory(code="A")
    with pytest.raises(WrongPlace, match="相同编号"):
        add_place(facts=PlaceFacts("A", "另一处", "room"), by=reader(Role.LIBRARIAN))


def test_a_place_closes_only_when_nothing_is_kept_counted_or_open_in_it():
    place, person = PlaceFactory(), reader(Role.LIBRARIAN)
    copy, shelf = CopyFactory(home=place), PlaceFactory(parent=place)
    going = Stocktake.objects.create(place=place, started_by=person, started_at=NOW)
    with pytest.raises(WrongPlace, match="还有 1 册馆藏"):
        change(place, is_closed=True)
    Copy.objects.filter(pk=copy.pk).update(state="lost", left_on=NOW.date())
    with pytest.raises(WrongPlace, match="还有 1 个在用的地点"):
        change(place, is_closed=True)
    Place.objects.filter(pk=shelf.pk).update(is_closed=True)
    with pytest.raises(WrongPlace, match="盘点还没有结束"):
        change(place, is_closed=True)
    Stocktake.objects.filter(pk=going.pk).update(state="finished", finished_at=NOW)
    change(place, is_closed=True)
    assert Place.objects.get(pk=place.pk).is_closed
    with pytest.raises(WrongPlace, match="已经停用"):
        change(shelf, is_closed=False)


def test_readers_add_and_change_nothing():
    place = PlaceFactory()
    for call in (
        lambda: add_place(facts=PlaceFacts("A", "甲", "room"), by=reader(Role.LEADER)),
        lambda: change(place, by=reader(), name="乙"),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_a_place_is_entered_with_its_furniture(client, librarian):
    keeper = reader()
    response = client.post(reverse("space_new"), typed(keeper=keeper.employee_number))
    place = Place.objects.get()
    assert response.url == reverse("space", args=[place.pk])
    assert (place.name, place.code, place.keeper) == ("三楼阅览室", "YL-301", keeper)
    assert [(piece.name, piece.quantity) for piece in place.furniture.all()] == [("台灯", 12)]


def test_more_rows_keep_what_was_typed_and_store_nothing(client, librarian):
    page = client.post(reverse("space_new"), typed(action="more", location="二楼")).content.decode()
    assert 'value="台灯"' in page
    assert 'value="二楼"' in page
    assert 'name="pieces-3-name"' in page
    assert "没有保存" not in page
    assert Place.objects.count() == 0


def test_the_second_of_two_forms_is_told_with_what_was_typed_still_there(client, librarian):
    place = PlaceFactory(name="旧名")
    seen = place.changed_at.isoformat()
    address = reverse("space_edit", args=[place.pk])
    assert client.post(address, typed(name="甲", seen=seen)).status_code == 302
    page = client.post(address, typed(name="乙", seen=seen)).content.decode()
    assert "刚被别人修改过" in page
    assert 'value="乙"' in page
    assert "现在存着的" in page
    assert Place.objects.get().name == "甲"
    assert client.post(address, typed(name="乙", seen=Place.objects.get().changed_at.isoformat())).status_code == 302
    assert Place.objects.get().name == "乙"


@pytest.mark.parametrize("word", HOSTILE)
def test_whatever_is_typed_the_form_answers(client, librarian, word):
    names = ["name", "code", "kind", "parent", "location", "keeper", "opening_hours", "description", "position", "seen",
             "pieces-0-name", "pieces-0-quantity", "pieces-TOTAL_FORMS", "pieces-INITIAL_FORMS"]  # fmt: skip
    place = PlaceFactory()
    for name in names:
        for address in (reverse("space_new"), reverse("space_edit", args=[place.pk])):
            for action in ("", "more"):
                response = client.post(address, typed(**{"code": f"C{name}", "action": action, name: word}))
                assert response.status_code in (200, 302), name


def test_a_keeper_is_found_by_number_or_by_a_name_that_only_one_bears(client, librarian):
    one, *_ = reader(), reader(Role.SYSTEM)
    for name in ("employee_number", "name"):
        client.post(reverse("space_new"), typed(code=name, keeper=getattr(one, name)))
        assert Place.objects.get(code=name).keeper == one
    type(one).objects.filter(pk=librarian.pk).update(name=one.name)
    for words, told in ((one.name, "不止一位"), ("无此人", "没有找到")):
        assert told in client.post(reverse("space_new"), typed(code="X", keeper=words)).content.decode()


def test_the_tree_shows_what_stands_where_and_hides_closed_places_from_readers(client):
    room = PlaceFactory(name="阅览室")
    shelf = PlaceFactory(name="A 架", parent=room)
    PlaceFactory(name="旧书库", is_closed=True)
    book = BookFactory()
    CopyFactory(home=shelf, book=book)
    CopyFactory(home=shelf, book=book)
    CopyFactory(home=shelf, state="on_loan")
    client.force_login(reader())
    words = text_of(client.get(reverse("spaces")).content.decode())
    assert "在架 1 种 2 册" in words
    assert "连同里面共 2 册" in words
    assert "旧书库" not in words
    client.force_login(reader(Role.LIBRARIAN))
    assert "旧书库" in text_of(client.get(reverse("spaces")).content.decode())


def test_a_place_lists_its_books_and_finds_them_by_pinyin(client):
    shelf = PlaceFactory(parent=PlaceFactory())
    CopyFactory(home=shelf, book=BookFactory(title="论语译注"))
    CopyFactory(home=shelf, book=BookFactory(title="红楼梦"))
    CopyFactory(book=BookFactory(title="论语别裁"))
    index_books(type(BookFactory()).objects.all())
    client.force_login(reader())
    words = text_of(client.get(reverse("space", args=[shelf.parent_id]), {"q": "lunyu"}).content.decode())
    assert "论语译注" in words
    assert "红楼梦" not in words
    assert "别裁" not in words
    assert "近来的移动" not in words


def test_librarians_see_the_latest_moves(client, librarian):
    copy, place = CopyFactory(), PlaceFactory()
    CopyEvent.objects.create(copy=copy, action="move", at=NOW, to_state="available", from_place=copy.home,
                             to_place=place, actor=librarian)  # fmt: skip
    assert f"从 {copy.home.name} 移来" in text_of(client.get(reverse("space", args=[place.pk])).content.decode())
    assert f"移到 {place.name}" in text_of(client.get(reverse("space", args=[copy.home_id])).content.decode())


def test_the_page_of_a_place_leads_from_a_barcode_to_its_copy(client):
    client.force_login(reader())
    page = client.get(reverse("space", args=[PlaceFactory().pk])).content.decode()
    assert f'action="{reverse("copy_find")}"' in page


def test_all_copies_move_in_one_go(client, librarian):
    here, there = PlaceFactory(), PlaceFactory()
    for _ in range(3):
        CopyFactory(home=here)
    address = reverse("space_move", args=[here.pk])
    assert "请选择移到哪里" in client.post(address, {"to": ""}).content.decode()
    assert "请从列出的地点里选" in client.post(address, {"to": here.pk}).content.decode()
    assert client.post(address, {"to": there.pk, "reason": "装修"}).status_code == 302
    assert Copy.objects.filter(home=there).count() == 3
    assert set(CopyEvent.objects.values_list("reason", flat=True)) == {"装修"}


@pytest.mark.parametrize("role", [Role.CADRE, Role.LIBRARIAN])
@pytest.mark.parametrize("name", ["spaces", "space"])
def test_a_page_asks_as_much_for_30_rows_as_for_1(client, role, name):
    place = PlaceFactory()
    client.force_login(reader(role))
    address = reverse(name, args=[place.pk] if name == "space" else [])

    def asked(many: int) -> int:
        for _ in range(many):
            copy = CopyFactory(home=place)
            CopyEvent.objects.create(copy=copy, action="move", at=NOW, to_state="available", to_place=place)
            Furniture.objects.create(place=place, name="桌")
            Picture.objects.create(place=PlaceFactory(parent=place), file="x", original_name="x", size=1, width=40,
                                   height=40, uploaded_by=reader(), created_at=NOW)  # fmt: skip
        return queries(client, address)

    few = asked(1)
    assert asked(29) == few
    assert few <= 10


@pytest.mark.parametrize("address", ["/books/new/", "/labels/", "/labels/places/"])
def test_a_place_is_chosen_by_its_path(client, address):
    client.force_login(reader(Role.LIBRARIAN))
    room = PlaceFactory(name="三楼会客室")
    PlaceFactory(name="甲架", parent=room)
    assert "三楼会客室 › 甲架" in client.get(address).content.decode()


def test_the_label_page_also_offers_a_place_out_of_use_but_no_book_goes_there(client):
    client.force_login(reader(Role.LIBRARIAN))
    PlaceFactory(name="旧书库", is_closed=True)
    assert "旧书库" in client.get("/labels/").content.decode()
    page = client.get("/books/new/").content.decode()
    assert ("旧书库" in page, '<option value="" selected>请选择</option>' in page) == (False, True)
