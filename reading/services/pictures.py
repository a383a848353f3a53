"""Covers and photographs of the reading room."""

from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import transaction

from organization.models import Cadre
from organization.services.pictures import Picture as Drawn
from organization.services.pictures import take_picture
from organization.services.storing import claim, let_go
from reading.models import Book, Picture, Place, Project
from reading.services.authority import check_librarian


def set_cover(*, book: Book, upload: File, by: Cadre, now: datetime) -> Picture:
    """In the place of the cover before. Raises NotAllowed, Refused; never within a transaction."""
    check_librarian(by)
    drawn = take_picture(upload=upload, now=now)
    with transaction.atomic():
        Book.objects.select_for_update(no_key=True).get(pk=book.pk)  # one cover after another
        before = Picture.objects.filter(book=book)
        gone = list(before.values_list("file", flat=True))
        before.delete()
        made = write(drawn, by, now, book=book)
        let_go(gone, now)
    return made


def add_photograph(
    *, of: Place | Project, upload: File, by: Cadre, now: datetime, caption: str = "", stage: str = ""
) -> Picture:
    """One more of a place, or of a project `before` or `after`. Raises NotAllowed, Refused; never within a
    transaction."""
    check_librarian(by)
    drawn = take_picture(upload=upload, now=now)
    owner: dict[str, Any] = {"place": of} if isinstance(of, Place) else {"project": of}
    with transaction.atomic():
        return write(drawn, by, now, caption=caption, stage=stage, **owner)


@transaction.atomic
def remove_picture(*, picture: Picture, by: Cadre, now: datetime) -> None:
    """Gone already: nothing happens. Raises NotAllowed."""
    check_librarian(by)
    if Picture.objects.filter(pk=picture.pk).delete()[0]:
        let_go([str(picture.file)], now)


def write(drawn: Drawn, by: Cadre, now: datetime, **columns: Any) -> Picture:
    made = Picture.objects.create(
        file=drawn.file,
        original_name=drawn.original_name,
        size=drawn.size,
        sha256=drawn.sha256,
        width=drawn.width,
        height=drawn.height,
        uploaded_by=by,
        created_at=now,
        **columns,
    )
    claim([drawn.file])
    return made
