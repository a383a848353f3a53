"""A work that its author is writing, files for it, and storages that something happens to."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from organization.services.verifying import verify
from organization.tests.factories import CadreFactory, DepartmentFactory
from submissions.kinds import Kind
from submissions.models import Attachment, Version
from submissions.services.attachments import attach
from submissions.states import State
from submissions.tests.factories import SubmissionFactory

NOW = timezone.now()
AUDIO, DOCUMENT, COVER = Attachment.Role.AUDIO, Attachment.Role.DOCUMENT, Attachment.Role.COVER
SAMPLES = {AUDIO: "audio/ok_cbr.mp3", DOCUMENT: "text/ok_gbk.txt", COVER: "image/ok.jpg"}


@pytest.fixture
def author():
    return CadreFactory(department=DepartmentFactory())


def writing(author, **columns) -> Version:
    """The version of a work that its author is writing."""
    work = SubmissionFactory(people=[author], **{"kind": Kind.RECITATION, "state": State.DRAFT, **columns})
    work.versions.update(is_draft=True)
    return work.versions.get()


@pytest.fixture
def version(author) -> Version:
    return writing(author)


@pytest.fixture
def upload(samples):
    def made(role: Attachment.Role = AUDIO, original: str = "") -> SimpleUploadedFile:
        path = samples / "hostile" / SAMPLES[role]
        return SimpleUploadedFile(original or path.name, path.read_bytes())

    return made


def stored(settings) -> int:
    return sum(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))


def agreed() -> bool:
    found = verify()
    return (found.faults, found.orphans) == ([], [])


@pytest.fixture
def disturbed(settings):
    """From its call on, `then` follows on each file that is stored; in the end it is a plain storage again."""

    def disturb(then: Callable[[], None]) -> Callable[[], None]:
        plain = settings.STORAGES
        double = {"BACKEND": "submissions.tests.storages.Disturbed", "OPTIONS": {"then": then}}
        settings.STORAGES = {**plain, "default": double}
        return lambda: setattr(settings, "STORAGES", plain)

    return disturb


def waiting(version, author, upload) -> Attachment:
    return attach(version=version, role=AUDIO, upload=upload(), by=author, now=NOW)
