"""Digital resources: noted and changed by librarians, offered to everybody while their licence lasts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files import File
from django.db import transaction

from organization.models import Cadre
from organization.services.filing import Kept
from organization.services.storing import claim, let_go
from reading.kinds import LinkState
from reading.models import DigitalResource, SubjectArea
from reading.models.digital import DigitalResourceQuerySet
from reading.services.authority import check_librarian, is_librarian
from reading.services.digital_files import take_file
from shuxiang.links import checked_link
from shuxiang.ordering import sort_key
from shuxiang.searches import text_of

BOTH, NEITHER = (
    "网址和文件只要一样：要换成文件，请清空网址；要用网址，请不要选择文件。",
    "请填写网址，或者选择一个文件。",
)


class StaleResource(Exception):
    """Somebody else changed the resource since it was read."""

    def __init__(self) -> None:
        super().__init__("这项资源刚被别人修改过，请核对现在的内容后再保存。")


class LinkOrFile(ValueError):
    """A resource has either a link or a file; str() says what to do."""


@dataclass(frozen=True)
class Details:
    """What librarians say of a resource; without a link it keeps the file that it has, or gets one."""

    title: str
    kind: str
    area: SubjectArea | None = None
    author: str = ""
    description: str = ""
    format: str = ""
    link: str = ""
    login_hint: str = ""
    licence_until: date | None = None
    is_closed: bool = False


def shown_to(viewer: Cadre, today: date) -> DigitalResourceQuerySet:
    """Librarians see also what is closed or whose licence has ended."""
    found = DigitalResource.objects.all()
    assert isinstance(found, DigitalResourceQuerySet)
    return found if is_librarian(viewer) else found.offered(today)


def add_resource(*, details: Details, upload: File | None, by: Cadre, now: datetime) -> DigitalResource:
    """Raises NotAllowed, BadLink, LinkOrFile or Refused; never within a transaction where there is a file."""
    check_librarian(by)
    columns = columns_of(details)
    if bool(columns["link"]) == (upload is not None):
        raise LinkOrFile(BOTH if upload is not None else NEITHER)
    kept = take_file(upload=upload, now=now) if upload is not None else None
    with transaction.atomic():
        return DigitalResource.objects.create(**{**columns, **file_columns(kept)})


def change_resource(
    *, resource: DigitalResource, seen: datetime, details: Details, upload: File | None, by: Cadre, now: datetime
) -> DigitalResource:
    """`seen` is the `changed_at` of what the change was made from. A link or another file lets the old file go.

    Raises NotAllowed, BadLink, LinkOrFile, Refused or StaleResource; never within a transaction where there is a file.
    """
    check_librarian(by)
    columns = columns_of(details)
    if columns["link"] and upload is not None:
        raise LinkOrFile(BOTH)
    if not (columns["link"] or upload is not None or resource.file):
        raise LinkOrFile(NEITHER)
    kept = take_file(upload=upload, now=now) if upload is not None else None
    with transaction.atomic():
        before = DigitalResource.objects.select_for_update().filter(pk=resource.pk, changed_at=seen).first()
        if before is None:
            raise StaleResource
        old = str(before.file)
        if kept is not None:
            columns |= file_columns(kept)
        elif columns["link"]:
            columns |= {"file": "", "original_name": "", "size": None, "sha256": ""}
        elif old:
            columns["format"] = before.format
        else:
            raise LinkOrFile(NEITHER)
        if before.link != columns["link"]:
            columns |= {"link_state": LinkState.UNCHECKED, "link_checked_at": None, "link_message": ""}
        if before.licence_until != columns["licence_until"]:
            columns["warned_until"] = None
        moved = DigitalResource.objects.filter(pk=before.pk, changed_at=seen).update(changed_at=now, **columns)
        if moved != 1:
            raise StaleResource
        if old and (kept is not None or columns["link"]):
            let_go([old], now)
        return DigitalResource.objects.get(pk=before.pk)


def columns_of(details: Details) -> dict[str, Any]:
    columns = {**vars(details), "link": checked_link(details.link)}
    named = [details.title, details.author]
    text = text_of(named, [], [details.description, details.format])
    return columns | {"search_text": text, "sort_key": sort_key(details.title)}


def file_columns(kept: Kept | None) -> dict[str, Any]:
    """Of a new file, which is claimed here: the row is written in the same transaction."""
    if kept is None:
        return {}
    claim([kept.stored.name])
    return {
        "file": kept.stored.name,
        "original_name": kept.original_name,
        "size": kept.stored.size,
        "sha256": kept.stored.sha256,
        "format": kept.format,
    }
