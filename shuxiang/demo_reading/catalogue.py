"""What happened to the catalogue since its register was brought in: when copies came, which left; covers of some."""

import hashlib
from datetime import date, datetime, time

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from reading.models import Book, Copy, CopyEvent, Picture
from reading.services.catalogue import tend_copy
from reading.states import CopyAction
from shuxiang.demo.covers import EMBLEMS, HEIGHT, WIDTH, Cover
from shuxiang.demo.library import AWAITED, POPULAR
from shuxiang.demo_reading.moments import Office
from shuxiang.uploads import random_name

CLOTHS = ("#3E5C76", "#6B4E3D", "#3B6B5B", "#7A3B3F", "#4A4E69", "#8A6D3B")
WITHDRAWN_BEFORE, WITHDRAWN, MISSING = 5, 3, 2


def date_back(office: Office) -> None:
    """The import says that all copies were registered just now; an office that kept its books has done so each day."""
    events = CopyEvent.objects.filter(action=CopyAction.REGISTER, actor__isnull=True)
    for day in events.values_list("copy__acquired_on", flat=True).distinct().order_by("copy__acquired_on"):
        copies = Copy.objects.filter(acquired_on=day)
        events.filter(copy__in=copies).update(at=office.at(day), actor=office.librarian)


def take_out(office: Office) -> None:
    """Last year five old titles were withdrawn and two not found when counted; this year three more are withdrawn."""
    year = date(office.today.year, 1, 1)
    single = [
        copy
        for copy in Copy.objects.select_related("book").order_by("barcode")
        if copy.book.title not in POPULAR + AWAITED and copy.acquired_on.year == year.year - 2
    ]
    step = len(single) // (WITHDRAWN_BEFORE + WITHDRAWN + MISSING)
    chosen = iter(single[::step])
    evening = time(16, 10)
    for _ in range(WITHDRAWN_BEFORE):
        at = office.at(date(year.year - 1, 12, 10), evening)
        leave(office, next(chosen), CopyAction.WITHDRAW, at, "内容过时，纸张破损")
    for _ in range(MISSING):
        at = office.at(date(year.year - 1, 12, 16), evening)
        leave(office, next(chosen), CopyAction.LOSE, at, "年终盘点未找到")
    for _ in range(WITHDRAWN):
        at = office.at(year + (office.today - year) * 2 // 3, evening)
        leave(office, next(chosen), CopyAction.WITHDRAW, at, "脱页缺页，无法修补")


def leave(office: Office, copy: Copy, action: CopyAction, at: datetime, reason: str) -> None:
    tend_copy(copy=copy, action=action, by=office.librarian, now=at, reason=reason)


def draw_covers(office: Office) -> None:
    """Of the books that people ask for. Beside the service, which draws a stranger's picture anew in a process of its
    own: what is drawn here needs none, and twenty of them would take longer than all the rest.
    """
    titles = POPULAR + AWAITED
    bare = dict(Book.objects.filter(title__in=titles, cover__isnull=True).values_list("title", "pk"))
    for place, title in enumerate(titles):
        if title in bare:
            content = Cover(sorted(EMBLEMS)[place % len(EMBLEMS)], CLOTHS[place % len(CLOTHS)]).jpeg()
            Picture.objects.create(
                book_id=bare[title], file=default_storage.save(random_name(None, ""), ContentFile(content)),
                original_name=f"封面-{title}.jpg", size=len(content), sha256=hashlib.sha256(content).hexdigest(),
                width=WIDTH, height=HEIGHT, uploaded_by=office.librarian, created_at=office.now,
            )  # fmt: skip
