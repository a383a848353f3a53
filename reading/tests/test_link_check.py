"""Which links are written down as dead."""

import pytest
from django.utils import timezone

from organization.roles import Role
from organization.services.roles import NotAllowed
from reading.kinds import LinkState
from reading.models import DigitalResource
from reading.services.link_check import check_links, check_one, write
from reading.services.links import Answer
from reading.tasks import links
from reading.tests.factories import DigitalResourceFactory, reader
from reading.tests.sites import nobody, site

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def states() -> list[str]:
    return [row.link_state for row in DigitalResource.objects.order_by("pk")]


def test_each_link_is_asked_and_its_answer_written_down():
    with site() as (address, seen):
        alive, gone, _ = (DigitalResourceFactory(link=link) for link in (f"{address}/", f"{address}/404", nobody()))
        DigitalResourceFactory(link=f"{address}/closed", is_closed=True)
        assert check_links(now=NOW) == 2
    assert states() == [LinkState.ALIVE, LinkState.DEAD, LinkState.DEAD, LinkState.UNCHECKED]
    gone.refresh_from_db()
    assert (gone.link_checked_at, gone.link_message) == (NOW, "网页不存在（404）")
    assert "/closed" not in {path for _, path, _ in seen}
    before = alive.changed_at
    alive.refresh_from_db()
    assert alive.changed_at == before


def test_without_a_network_nothing_is_said_of_any_link():
    for _ in range(3):
        DigitalResourceFactory(link=nobody())
    assert check_links(now=NOW) == 0
    assert states() == [LinkState.UNCHECKED] * 3


def test_without_links_nothing_happens():
    assert check_links(now=NOW) == 0


def test_an_answer_about_a_link_that_was_replaced_is_dropped():
    resource = DigitalResourceFactory()
    write(resource.pk, "http://127.0.0.1:9/old", Answer(False, True, "网页不存在（404）"), NOW)
    assert states() == [LinkState.UNCHECKED]


def test_the_setting_switches_the_weekly_check_off(settings):
    with site() as (address, seen):
        DigitalResourceFactory(link=f"{address}/")
        settings.DIGITAL_LINK_CHECK = False
        links()
        assert seen == []
        settings.DIGITAL_LINK_CHECK = True
        links()
    assert states() == [LinkState.ALIVE]


def test_only_librarians_have_a_link_asked():
    with pytest.raises(NotAllowed):
        check_one(resource=DigitalResourceFactory(), by=reader(Role.CADRE), now=NOW)


def test_the_button_tells_what_came_of_it(client):
    client.force_login(reader(Role.LIBRARIAN))
    with site() as (address, _):
        good, bad = DigitalResourceFactory(link=f"{address}/"), DigitalResourceFactory(link=f"{address}/404")
        page = client.post(f"/digital/{good.pk}/check/", follow=True).content.decode()
        assert "链接可以打开" in page
        page = client.post(f"/digital/{bad.pk}/check/", follow=True).content.decode()
    assert "链接打不开：网页不存在（404）" in page
    assert "打不开，网页不存在（404）" in page
    assert "链接打不开" in client.get("/digital/?care=dead").content.decode()
    client.force_login(reader(Role.CADRE))
    assert "链接打不开" not in client.get("/digital/").content.decode()


def test_a_file_of_our_own_has_no_link_to_ask(client):
    client.force_login(reader(Role.LIBRARIAN))
    resource = DigitalResourceFactory(link="", file="aa/bb", size=1, sha256="0" * 64)
    assert client.post(f"/digital/{resource.pk}/check/").status_code == 404
