"""Digital resources as librarians send them in, for tests of their pages."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from reading.models import DigitalResource

FORM = {"title": "国家图书馆", "kind": "platform", "link": "https://www.nlc.example/"}


def today():
    return timezone.localdate()


def names(client, query="") -> list[str]:
    return [row["resource"].title for row in client.get(f"/digital/{query}").context["rows"]]


def uploaded(content: bytes, name: str = "书.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def only() -> DigitalResource:
    return DigitalResource.objects.get()


def edited(client, resource, **changes):
    page = client.get(f"/digital/{resource.pk}/edit/")
    return {**FORM, "seen": page.context["seen"], **changes}
