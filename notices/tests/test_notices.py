from datetime import datetime, timedelta

import pytest

from notices.models import Notice
from notices.services import send
from organization.tests.factories import CadreFactory
from shuxiang.periods import SHANGHAI
from shuxiang.tests.pages import words_of
from shuxiang.tests.queries import queries

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)


@pytest.fixture
def cadre(client):
    person = CadreFactory()
    client.force_login(person)
    return person


def notices_for(cadre, count, **values):
    for number in range(count):
        at = NOW + timedelta(minutes=number)
        send(recipients=[cadre], **{"subject": f"第 {number} 条", "address": "/me/", "now": at, **values})


def bell_of(client) -> str:
    text = words_of(client.get("/password/").content.decode().partition("<main")[0])
    return text.partition("通知")[2].strip().partition(" ")[0]


def test_an_empty_list_says_what_will_come(client, cadre):
    assert "还没有通知。作品上报以后，审阅结果会通知到这里。" in client.get("/notices/").content.decode()
    assert "没有未读的通知。" in client.get("/notices/?show=unread").content.decode()


def test_the_bell_counts_what_is_unread(client, cadre):
    assert bell_of(client) == cadre.name
    notices_for(cadre, 3)
    notices_for(CadreFactory(), 1)
    assert bell_of(client) == "3"
    notices_for(cadre, 100)
    assert bell_of(client) == "99+"


def test_opening_reads_it_and_leads_to_its_page(client, cadre):
    notices_for(cadre, 2)
    first, second = Notice.objects.order_by("pk")
    response = client.post(f"/notices/{first.pk}/open/")
    assert (response.status_code, response.url) == (302, "/me/")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.read_at is None, second.read_at is None) == (False, True)
    read_at = first.read_at
    client.post(f"/notices/{first.pk}/open/")
    first.refresh_from_db()
    assert first.read_at == read_at
    page = client.get("/notices/?show=unread").content.decode()
    assert ("第 0 条" in page, "第 1 条" in page) == (False, True)


def test_only_by_a_form_and_never_a_strangers(client, cadre):
    notices_for(CadreFactory(), 1)
    notice = Notice.objects.get()
    assert client.get(f"/notices/{notice.pk}/open/").url == "/notices/"
    assert client.post(f"/notices/{notice.pk}/open/").status_code == 404
    client.post("/notices/read/", {"newest": notice.pk})
    assert "第 0 条" not in client.get("/notices/").content.decode()
    client.logout()
    assert client.post(f"/notices/{notice.pk}/open/").url.startswith("/login/")
    assert Notice.objects.unread().count() == 1


def test_all_read_means_all_that_the_page_showed(client, cadre):
    notices_for(cadre, 3)
    newest = max(Notice.objects.values_list("pk", flat=True))
    notices_for(cadre, 1, subject="后来的一条")
    page = client.post("/notices/read/", {"newest": newest}, follow=True).content.decode()
    assert "已把 3 条通知标为已读。" in page
    assert Notice.objects.unread().get().subject == "后来的一条"


@pytest.mark.parametrize("newest", ["", "x", "9" * 30, "-1", "１"])
def test_garbage_reads_nothing(client, cadre, newest):
    notices_for(cadre, 1)
    assert client.post("/notices/read/", {"newest": newest}).status_code == 302
    assert Notice.objects.unread().count() == (0 if newest == "１" and Notice.objects.get().pk <= 1 else 1)


def test_what_is_written_in_a_notice_is_text(client, cadre):
    notices_for(cadre, 1, subject="<b>粗</b>", body="<script>x</script>")
    page = client.get("/notices/").content.decode()
    assert ("&lt;b&gt;粗" in page, "<script>x" in page) == (True, False)


def test_the_list_asks_as_much_for_30_as_for_1_and_turns_pages(client, cadre):
    notices_for(cadre, 1)
    first = queries(client, "/notices/")
    notices_for(cadre, 34)
    assert queries(client, "/notices/") == first
    assert "第 1 页，共 2 页" in client.get("/notices/").content.decode()
    assert client.get("/notices/?page=2&show=x").status_code == 200
