"""Accounts that are no reader's: nothing of the reading room is offered to them that they could not do."""

import pytest
from django.utils import timezone

from organization.roles import Role
from organization.tests.factories import CadreFactory
from reading.services.holding import place_hold
from reading.services.lending import lend as lend_copy
from reading.services.refusals import LendingRefused
from reading.tests.factories import CopyFactory, lend, reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    person = CadreFactory(roles=[Role.SYSTEM])
    client.force_login(person)
    return person


def test_an_administrator_is_told_why_nothing_is_lent_or_kept(administrator):
    free, lent = CopyFactory(), CopyFactory()
    lend(lent, reader())
    with pytest.raises(LendingRefused, match="系统管理员等账号不是读者，不能借书"):
        lend_copy(copy=free, borrower=administrator, by=administrator, now=timezone.now())
    with pytest.raises(LendingRefused, match="系统管理员等账号不是读者，不能预约"):
        place_hold(book=lent.book, reader=administrator, by=administrator, now=timezone.now())


@pytest.mark.parametrize("is_reader", [True, False])
def test_only_readers_are_offered_what_readers_do(client, administrator, is_reader):
    if is_reader:
        client.force_login(reader())
    free, lent = CopyFactory(), CopyFactory()
    lend(lent, reader())
    offered = {
        f"/copies/{free.barcode}/": ">借出</button>",
        f"/copies/{lent.barcode}/": ">预约</button>",
        f"/books/{lent.book_id}/": ">预约</button>",
        "/books/?q=没有的书": "荐购这本书",
        "/suggestions/": "荐购一本",
        "/donations/": "捐赠图书",
    }
    shown = {address: words in client.get(address, follow=True).content.decode() for address, words in offered.items()}
    assert shown == dict.fromkeys(offered, is_reader)


def test_only_librarians_find_the_import_beside_the_catalogue(client):
    CopyFactory()
    for role, is_found in ((Role.LIBRARIAN, True), (Role.CADRE, False)):
        client.force_login(reader(role))
        page = client.get("/books/").content.decode()
        assert ("/admin/organization/registerimport/add/?kind=books" in page) is is_found
