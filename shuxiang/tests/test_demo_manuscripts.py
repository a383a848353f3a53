"""The demo's works with content: what waits, who may decide it, texts, covers and recordings."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from organization.models import Cadre
from organization.services.roles import NotAllowed
from shuxiang.demo import DEMO_AGENCY, MANUSCRIPTS, write_registers
from shuxiang.demonstration import hand_in_manuscripts
from shuxiang.periods import SHANGHAI, Quarter
from shuxiang.tests.registers import run, stored
from submissions.kinds import Kind
from submissions.models import Attachment, Contributor, Decision, Submission, Version
from submissions.states import Action, State
from submissions.tests.decisions import approve

pytestmark = pytest.mark.django_db
MOMENTS = ["2026-11-20T15:00", "2024-02-29T08:00", "2025-01-01T00:05", "2026-04-01T23:59", "2023-10-09T12:00"]
# Kilobits per second by the header's four bits, and samples per second by its two: MPEG 2, layer III.
BITRATES = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
SAMPLE_RATES = [22050, 24000, 16000]


@pytest.fixture(params=MOMENTS[:1])
def now(request, settings, tmp_path):
    """The office as its roster stands then, with the works handed in."""
    settings.MEDIA_ROOT = tmp_path / "media"
    moment = datetime.fromisoformat(request.param).replace(tzinfo=SHANGHAI)
    with time_machine.travel(moment, tick=False):
        files = write_registers(tmp_path, timezone.localdate())
        run("import_roster", files.roster, agency=DEMO_AGENCY)
        hand_in_manuscripts(now=moment)
        yield moment


every_day = pytest.mark.parametrize("now", MOMENTS, indirect=True)


def clerk() -> Cadre:
    return Cadre.objects.get(employee_number="YZ005")


def colleague() -> Cadre:
    return Cadre.objects.get(employee_number="YZ010")


def contents(role: Attachment.Role) -> list[bytes]:
    found = []
    for attachment in Attachment.objects.filter(role=role):
        with attachment.file.open("rb") as file:
            found.append(file.read())
    return found


@every_day
def test_works_of_every_kind_wait_since_a_week_at_most(now):
    waiting = Submission.objects.filter(state=State.PENDING)
    days = [(now.date() - work.credit_date).days for work in waiting]

    assert 10 <= len(days) <= 14
    assert (min(days), max(days)) == (0, 7)
    assert sum(day > 5 for day in days) >= 2
    assert {work.kind for work in waiting} == set(Kind)
    assert {work.quarter for work in waiting} == {str(Quarter.of(work.credit_date)) for work in waiting}


@every_day
def test_nothing_happened_in_the_future_or_before_it_was_handed_in(now):
    for work in Submission.objects.all():
        times = [decision.created_at for decision in work.decisions.order_by("pk")]
        assert times == sorted(times)
        assert times[0].astimezone(SHANGHAI).date() == work.credit_date
        assert times[-1] <= now
        assert [version.submitted_at for version in work.versions.all()] == [
            decision.created_at for decision in work.decisions.order_by("pk") if decision.action == Action.SUBMIT
        ]


def test_the_clerk_waits_for_her_colleague(now):
    own = Submission.objects.get(state=State.PENDING, contributors__cadre=clerk())
    with pytest.raises(NotAllowed, match="另一位同事"):
        approve(submission=own, reviewer=clerk(), now=now)
    assert approve(submission=own, reviewer=colleague(), now=now).to_state == State.APPROVED


def test_every_other_waiting_work_can_be_decided_by_the_clerk(now):
    for work in Submission.objects.filter(state=State.PENDING).exclude(contributors__cadre=clerk()):
        approve(submission=work, reviewer=clerk(), now=now)
        assert work.state == State.APPROVED


def test_a_collective_misses_two_confirmations(now):
    collective = Submission.objects.get(owner_department__isnull=False)
    states = [member.state for member in collective.contributors.order_by("position")]
    assert collective.state == State.PENDING
    assert sorted(states) == [Contributor.State.CONFIRMED] * 2 + [Contributor.State.NAMED] * 2
    assert states[0] == Contributor.State.CONFIRMED


def test_one_came_back_with_a_new_version_and_one_is_with_its_author(now):
    again = Submission.objects.get(state=State.PENDING, decisions__action=Action.RETURN)
    first, second = again.versions.order_by("number")
    assert len(second.body) > len(first.body) > 0
    returned = Submission.objects.get(state=State.RETURNED)
    assert returned.decisions.get(action=Action.RETURN).reason != ""
    assert returned.contributors.get().cadre.employee_number == "YZ020"


def test_some_are_approved_without_a_grade_and_some_with(now):
    approved = Submission.objects.filter(state=State.APPROVED)
    assert 3 <= approved.filter(grade="", credit_date__gt=now.date() - timedelta(days=14)).count() <= 6
    assert approved.exclude(grade="").count() >= 5
    assert not Decision.objects.filter(submission__in=approved, actor=None).exists()


def test_every_work_has_the_content_of_its_kind(now):
    roles = {Kind.RECITATION: ["audio"], Kind.RECOMMENDATION: ["cover"]}
    for version in Version.objects.select_related("submission"):
        kind = version.submission.kind
        assert [attachment.role for attachment in version.attachments.all()] == roles.get(kind, [])
        if kind == Kind.RECOMMENDATION:
            assert min(len(version.reason), len(version.summary)) >= 60
            assert version.body == ""
        else:
            assert len(version.body) >= 20
    essays = [work.versions.order_by("number").last().body for work in Submission.objects.filter(kind=Kind.ESSAY)]
    assert sum(800 <= len(essay) <= 1500 for essay in essays) >= 9
    assert len({essay[:20] for essay in essays}) == len(essays)


def test_covers_are_pictures_of_their_own(now):
    covers = contents(Attachment.Role.COVER)
    assert len(covers) == len(set(covers)) == 5
    for cover in covers:
        picture = Image.open(BytesIO(cover))
        picture.load()
        assert (picture.format, picture.size) == ("JPEG", (500, 700))
        assert len(cover) < 100_000


def test_recordings_play_for_as_long_as_a_poem(now):
    recordings = contents(Attachment.Role.AUDIO)
    assert len(recordings) == len(set(recordings)) == 6
    assert sum(map(len, recordings)) <= 600_000
    for recording in recordings:
        assert 15 <= mp3_seconds(recording) <= 45


def mp3_seconds(content: bytes) -> float:
    """Walks the frames behind the ID3 tag to the last byte."""
    assert content[:3] == b"ID3"
    place = 10 + sum(byte << shift for byte, shift in zip(content[6:10], (21, 14, 7, 0), strict=True))
    seconds = 0.0
    while place < len(content):
        header = int.from_bytes(content[place : place + 4])
        assert header >> 17 == 0xFFF2 >> 1, f"no MPEG 2 layer III frame at {place}"
        bitrate, rate = BITRATES[header >> 12 & 15] * 1000, SAMPLE_RATES[header >> 10 & 3]
        place += 72 * bitrate // rate + (header >> 9 & 1)
        seconds += 576 / rate
    return seconds


def test_files_lie_in_the_storage_under_random_names_with_their_digest(now):
    for attachment in Attachment.objects.all():
        assert default_storage.size(attachment.file.name) == attachment.size
        assert "." not in attachment.file.name
        assert len(attachment.sha256) == 64


def test_handing_in_again_changes_nothing(now, settings):
    before = stored()
    files = sorted(settings.MEDIA_ROOT.rglob("*"))
    hand_in_manuscripts(now=now + timedelta(days=3))
    assert stored() == before
    assert sorted(settings.MEDIA_ROOT.rglob("*")) == files


def test_an_interruption_is_made_up_for(now):
    lost = Submission.objects.get(reference=MANUSCRIPTS[-1].reference)
    lost.decisions.all().delete()
    Submission.objects.filter(pk=lost.pk).update(grade="", graded_version=None)
    Attachment.objects.filter(version__submission=lost).delete()
    lost.versions.all().delete()
    lost.contributors.all().delete()
    lost.delete()
    hand_in_manuscripts(now=now)
    assert Submission.objects.count() == len(MANUSCRIPTS)
    assert len({manuscript.reference for manuscript in MANUSCRIPTS}) == len(MANUSCRIPTS)
