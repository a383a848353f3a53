"""Every hostile file at every upload field, over real HTTP: the good ones kept and playable, the bad ones refused."""

import pytest
from django.conf import settings
from django.utils import timezone

from organization.models import LooseFile
from organization.services.verifying import verify
from organization.tests.factories import CadreFactory, DepartmentFactory
from shuxiang.tests.fixtures import SOAK
from shuxiang.tests.hostile_media import ALL_FIELDS, EXPECTED, FIELDS, Browser, samples
from submissions.models import Attachment
from submissions.services.processing import process_waiting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeds")]
WITHIN = 0.1
# Of the fields that a file is not made for; all of them in the long run.
SHARE = 1 if SOAK else 9


@pytest.fixture
def browser(client, live_server) -> Browser:
    client.force_login(CadreFactory(department=DepartmentFactory()))
    return Browser(live_server.url, client.cookies[settings.SESSION_COOKIE_NAME].value)


def left_behind() -> tuple[int, int, list[str], list[str]]:
    """Rows, loose files, faults and orphans."""
    found = verify()
    return Attachment.objects.count(), LooseFile.objects.count(), found.faults, found.orphans


@pytest.mark.parametrize("folder", sorted(FIELDS))
def test_each_file_at_its_own_fields(browser, folder):
    taken, wrong = {}, []
    for kind, role in FIELDS[folder]:
        for path in samples(folder):
            answer = browser.send(kind, role, path.name, path.read_bytes())
            expected = EXPECTED[path.name]
            if isinstance(expected, str) and expected:
                if answer.status != 400 or expected not in answer.said["error"]:
                    wrong.append((path.name, role, answer.status, answer.body[:200].decode()))
                continue
            if answer.status != 201:
                wrong.append((path.name, role, answer.status, answer.body[:200].decode()))
                continue
            file = answer.said["file"]
            taken[file["id"]] = path.name
            if folder == "audio" and abs(file["duration_ms"] / 1000 - expected) > WITHIN:
                wrong.append((path.name, role, file["duration_ms"]))
    assert wrong == []
    process_waiting(timezone.now())
    assert not Attachment.objects.exclude(state="ready").exists()
    assert left_behind() == (len(taken), 0, [], [])
    for key, name in taken.items():
        if folder in ("audio", "image"):
            assert_harmless(browser, key, name)


def assert_harmless(browser: Browser, key: str, name: str) -> None:
    answer = browser.ask("GET", f"/media/{key}/")
    start = (b"ID3", b"\xff\xfb", b"\xff\xf3") if EXPECTED.get(name) else (b"\xff\xd8\xff",)
    assert (answer.status, answer.body[:3] in start or answer.body[:2] in start) == (200, True), name
    for planted in (b"<script", b"<?php", b"<html", b"PK\x03\x04", b"alert("):
        assert planted not in answer.body, name
    part = browser.ask("GET", f"/media/{key}/", Range="bytes=0-9")
    assert (part.status, part.body) == (206, answer.body[:10])


def test_each_file_at_the_fields_of_others(browser):
    """Never an error of the server, and nothing stays of what was refused."""
    files = [path for folder in FIELDS for path in samples(folder)]
    others = [
        (path, field)
        for number, path in enumerate(files)
        for place, field in enumerate(ALL_FIELDS)
        if field not in FIELDS[path.parent.name] and (number + place) % SHARE == 0
    ]
    found = [(path.name, field, browser.send(*field, path.name, path.read_bytes())) for path, field in others]
    assert {answer.status for *_, answer in found} <= {201, 400}
    taken = [(name, field) for name, field, answer in found if answer.status == 201]
    refusals = {answer.said["error"] for *_, answer in found if answer.status == 400}
    # A picture is no sound and no text, whatever it is called; there is nothing that two fields would take.
    assert taken == []
    assert all(said.endswith("。") for said in refusals)
    assert left_behind() == (0, 0, [], [])


@pytest.mark.parametrize(
    "name",
    ["../../x.mp3", "a\x00b.mp3", "a\r\nX: y.mp3", "长" * 1000 + ".mp3", "录音\u202e3pm.exe", "CON", "", " .mp3"],
)
def test_no_name_does_harm(browser, samples, name):
    content = (samples / "hostile/audio/ok_cbr.mp3").read_bytes()
    answer = browser.send("recitation", "audio", name, content)
    assert answer.status in (201, 302, 400)
    for stored in Attachment.objects.values_list("original_name", flat=True):
        assert len(stored) <= 100
        assert not set(stored) & set("/\\\0\r\n\u202e")


def test_one_byte_too_many(browser, settings, samples):
    content = (samples / "hostile/audio/ok_cbr.mp3").read_bytes()
    settings.AUDIO_MAX_BYTES = len(content) - 1
    answer = browser.send("recitation", "audio", "录音.mp3", content)
    assert (answer.status, "文件超过" in answer.said["error"]) == (400, True)
    settings.AUDIO_MAX_BYTES = len(content)
    assert browser.send("recitation", "audio", "录音.mp3", content).status == 201
