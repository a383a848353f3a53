from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from notices.channels import channels_of
from notices.models import Digest, Notice
from notices.services import send
from notices.services.digest import send_digests
from notices.tasks import digest
from notices.tests.outside import outside
from organization.roles import Role
from organization.tests.factories import CadreFactory
from shuxiang.periods import SHANGHAI

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


@pytest.fixture
def outer():
    with outside() as taker:
        yield taker


def run(*urls, now=NOW):
    return send_digests(channels=channels_of(list(urls)), hour=8, portal="https://p.example", now=now)


def waiting(*people, at=NOW - timedelta(hours=2), subject="“读后”已通过"):
    return send(recipients=people, subject=subject, now=at)


def test_everybody_gets_one_digest_that_counts_what_waits_and_tells_nothing_of_it(outer):
    one, other = CadreFactory(employee_number="A1"), CadreFactory(employee_number="A2")
    for number in range(7):
        waiting(one, subject=f"第 {number} 条")
    waiting(other)
    Notice.objects.filter(recipient=one, subject="第 6 条").update(read_at=NOW)
    assert run(outer.url + "/{number}") == 2
    assert dict(outer.messages) == {
        "/A1": "您有 6 条未读的新通知。\n请登录查看：https://p.example",
        "/A2": "您有 1 条未读的新通知。\n请登录查看：https://p.example",
    }
    assert list(Digest.objects.order_by("pk").values_list("recipient", "state", "count")) == [
        (one.pk, "sent", 6),
        (other.pk, "sent", 1),
    ]


def test_a_group_hears_numbers_and_no_names(outer):
    waiting(CadreFactory(name="秦越"), CadreFactory(), subject="“读后”退回修改")
    assert run(outer.url) == 1
    ((_, text),) = outer.messages
    assert text == "2 位同事共有 2 条未读的新通知。\n请登录查看：https://p.example"


def test_once_a_day_and_nothing_twice(outer):
    cadre = CadreFactory()
    urls = (outer.url + "/{number}", outer.url)
    waiting(cadre)
    assert run(*urls) == 2
    assert run(*urls, now=NOW + timedelta(hours=3)) == 0
    assert run(*urls, now=NOW + DAY) == 0
    waiting(cadre, at=NOW + timedelta(hours=1), subject="“再读”已通过")
    assert run(*urls, now=NOW + timedelta(hours=3)) == 0
    assert run(*urls, now=NOW + DAY) == 2
    assert [text.partition("\n")[0] for _, text in outer.messages[-2:]] == [
        "您有 1 条未读的新通知。",
        "1 位同事共有 1 条未读的新通知。",
    ]
    assert len(outer.messages) == 4


def test_nothing_before_its_hour_and_nothing_for_closed_accounts(outer):
    waiting(CadreFactory())
    early = NOW.replace(hour=7, minute=59)
    assert run(outer.url, now=early) == 0
    gone = CadreFactory()
    Notice.objects.all().delete()
    waiting(gone)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    assert run(outer.url, outer.url + "/{number}") == 0
    assert outer.messages == []


def test_what_failed_is_logged_and_goes_with_the_next_day(outer):
    waiting(CadreFactory(employee_number="A1"))
    outer.status = 500
    assert run(outer.url + "/{number}") == 0
    assert run(outer.url + "/{number}") == 0
    failed = Digest.objects.get()
    assert (failed.state, bool(failed.error), len(outer.messages)) == ("failed", True, 1)
    outer.status = 200
    assert run(outer.url + "/{number}", now=NOW + DAY) == 1
    assert outer.messages[-1][1].startswith("您有 1 条未读的新通知。")


def test_one_dead_channel_holds_up_no_other(outer):
    waiting(CadreFactory(phone=""))
    assert run("nonsense://x", "json://127.0.0.1:9/", outer.url + "/{phone}", outer.url) == 1
    assert sorted(Digest.objects.values_list("state", flat=True)) == ["failed", "failed", "sent"]
    assert Digest.objects.filter(error="渠道地址无法识别，请核对设置。").count() == 1


def test_a_row_of_a_killed_worker_is_not_sent_again(outer):
    waiting(CadreFactory())
    (channel,) = channels_of([outer.url])
    until = NOW.replace(hour=8, minute=0)
    Digest.objects.create(day=NOW.date(), channel=channel.name, until=until, count=1, created_at=NOW)
    assert run(outer.url) == 0
    assert run(outer.url, now=NOW + DAY) == 0


def test_off_until_it_is_configured(settings, outer):
    waiting(CadreFactory())
    assert settings.NOTICE_DIGEST_URLS == []
    digest()
    assert Digest.objects.count() == 0
    settings.NOTICE_DIGEST_URLS = [outer.url]
    settings.NOTICE_DIGEST_HOUR = 0
    digest()
    assert Digest.objects.get().state == "sent"


@pytest.mark.parametrize("url", ["json://x/{name}", "json://x/{", "json://x/{0}"])
def test_nonsense_in_an_address_is_said(url):
    with pytest.raises(ImproperlyConfigured):
        channels_of([url])


def test_what_stands_in_for_a_person_stays_in_its_place(outer):
    waiting(CadreFactory(phone="138/../x?y=1"))
    assert run(outer.url + "/to/{phone}") == 1
    assert outer.messages[0][0].startswith("/to/138%2F..%2Fx%3F")


def test_the_log_shows_no_secret(client):
    (channel,) = channels_of(["dingtalk://secret@token/{phone}"])
    assert (channel.is_personal, "secret" in channel.name, "token" in channel.name) == (True, False, False)
    Digest.objects.create(
        day=NOW.date(), channel=channel.name, until=NOW, count=3, created_at=NOW, error="对方没有接收。"
    )
    client.force_login(CadreFactory(roles=[Role.SYSTEM]))
    page = client.get(reverse("admin:notices_digest_changelist")).content.decode()
    assert ("对方没有接收。" in page, "dingtalk" in page) == (True, True)
