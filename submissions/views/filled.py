"""A form of a work that was sent: by a script while somebody types, or by its buttons."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from organization.desk import is_id
from organization.models import Cadre
from organization.services.roles import NotAllowed
from reading.models import Book
from shuxiang.searches import searched
from submissions.forms.review import seen_revision
from submissions.forms.works import FORMS
from submissions.kinds import Kind
from submissions.models import Submission
from submissions.services.books import find_books
from submissions.services.contents import NEEDED, Content, Incomplete, missing_from
from submissions.services.drafting import begin, holds, is_blank, newest, save
from submissions.services.handing_in import hand_in
from submissions.services.review import StaleSubmission
from submissions.states import IllegalTransition, State
from submissions.views.files import remove_file, take_files
from submissions.views.form_page import counting, differences, form_of, page, state_of

JSON = "application/json"
# So long a form that the browser went back to is taken for the same.
AGAIN = timedelta(hours=1)
REFUSED = (NotAllowed, IllegalTransition)


class Filled:
    """A form that was sent: stored as far as it is right, then answered as a page or for a script."""

    def __init__(
        self, request: HttpRequest, viewer: Cadre, kind: Kind, work: Submission | None, token: UUID, now: datetime
    ) -> None:
        self.request, self.viewer, self.kind, self.work, self.token, self.now = request, viewer, kind, work, token, now
        self.action = request.POST.get("action", "draft")
        self.data = chosen(request.POST, self.action, kind)
        self.form = form_of(viewer, kind, work, now, self.data)
        self.form.is_valid()
        self.content = self.form.content()
        self.is_repeated = False
        self.for_script = JSON in request.headers.get("Accept", "") and self.action == "draft"
        # Enter in the field of the search presses the form's first button.
        asked = self.action == "draft" and not self.for_script and searched(request.POST, "book_query")
        self.finds = "book" in self.form.fields and (self.action == "find" or bool(asked))

    def answer(self) -> HttpResponse:
        again = self.handed_in_before()
        if again is not None:
            messages.info(self.request, f"同样的内容刚才已经上报，编号 {again.reference}，没有重复上报。")
            return redirect("work", again.pk)
        if self.is_empty():
            return self.nothing_stored()
        try:
            self.store()
            if self.work is not None and self.action == "submit" and not self.form.errors:
                self.form.check_for_submit()
                self.ask_quarter()
                lacking = missing_from(self.work, newest(self.work))
                self.form.add_errors({name: said for name, (_, said) in lacking.items()})
                if not self.form.errors:
                    decision = hand_in(submission=self.work, seen=self.work.revision, by=self.viewer, now=self.now)
                    return self.handed_in(decision.submission)
        except StaleSubmission:
            return self.stale()
        except Incomplete as error:
            self.form.add_errors(error.errors)
        except REFUSED as error:
            if self.work is not None and self.is_settled():
                return self.handed_in(self.work)
            self.form.add_error(None, str(error))
            return self.with_errors(409)
        return self.saved()

    def is_empty(self) -> bool:
        """Whether nothing was typed and no file sent: such a form makes no draft."""
        return self.work is None and self.content.is_blank and not self.form.errors and not self.request.FILES

    def nothing_stored(self) -> HttpResponse:
        if self.for_script:
            needed = [word for _, _, word, _ in NEEDED[self.kind]]
            counts = counting(self.request, self.kind, self.form.chosen_main, None)
            return JsonResponse({"work": None, "revision": 0, "missing": needed, "errors": {}, "counting": counts})
        if self.action == "submit":
            self.form.add_errors({name: told for name, _, _, told in NEEDED[self.kind]})
        elif not self.finds:
            messages.info(self.request, "还没有填写内容，没有保存。")
        return page(self.request, self.form, None, self.token, more=self.found())

    def found(self) -> dict[str, Any]:
        """Books of the catalogue for what was typed into the search; else for the ISBN or the name of the form."""
        if not self.finds:
            return {}
        asked = (searched(self.request.POST, name) for name in ("book_query", "isbn", "book_title"))
        text = next(filter(None, asked), "")
        return {"found_books": find_books(text), "book_query": text}

    def store(self) -> None:
        if self.work is None:
            made = begin(kind=self.kind, content=self.content, by=self.viewer, token=self.token, now=self.now)
            self.work, is_new = made
            seen = self.work.revision if is_new else 0
        else:
            seen = seen_revision(self.request.POST.get("revision", ""))
        if seen == 0 and is_blank(self.work):
            seen = self.work.revision
        self.work = save(submission=self.work, seen=seen, content=self.content, by=self.viewer, now=self.now)
        if self.action.startswith("remove:"):
            remove_file(self.work, self.action.removeprefix("remove:"), self.viewer, self.now)
        self.form.add_errors(take_files(self.request, self.form, self.work, self.viewer, self.now))

    def ask_quarter(self) -> None:
        """Who named a quarter whose days are over is told once; what is sent after that counts for the day's own."""
        if self.work is not None and self.form.ask_quarter():
            own = Content(work={"quarter": ""})
            self.work = save(submission=self.work, seen=self.work.revision, content=own, by=self.viewer, now=self.now)

    def handed_in_before(self) -> Submission | None:
        """The same texts, from the form to which the browser went back: it came empty, with a token of its own."""
        if self.work is not None or self.action != "submit" or self.request.FILES:
            return None
        own = Submission.objects.filter(
            entered_by=self.viewer, kind=self.kind, title=self.content.title(self.kind) or ""
        )
        main = self.content.main_author or self.viewer
        recent = own.filter(state=State.PENDING, created_at__gt=self.now - AGAIN)
        by_main = recent.filter(contributors__cadre=main, contributors__position=0)
        return next((work for work in by_main if self.is_held_by(work)), None)

    def is_settled(self) -> bool:
        """Whether the same form, sent once more, finds the work handed in already."""
        assert self.work is not None
        self.work = Submission.objects.get(pk=self.work.pk)
        return self.action == "submit" and self.work.state == State.PENDING and self.is_held_by(self.work)

    def is_held_by(self, work: Submission) -> bool:
        """The form is read anew: quarter and author were open before the work was handed in, and are set after it."""
        same = form_of(self.viewer, self.kind, work, self.now, self.data)
        return same.is_valid() and holds(work, same.content())

    def handed_in(self, work: Submission) -> HttpResponse:
        messages.success(self.request, f"已上报，编号 {work.reference}。办公室审阅后会通知您。")
        return redirect("work", work.pk)

    def stale(self) -> HttpResponse:
        if self.is_settled():
            assert self.work is not None
            return self.handed_in(self.work)
        if not self.is_repeated and self.work is not None and self.is_held_by(self.work):
            # The other of two clicks has stored the same, and is about to hand it in.
            self.is_repeated = True
            return self.answer()
        return self.with_errors(409, conflict=True)

    def with_errors(self, status: int, conflict: bool = False) -> HttpResponse:
        if self.for_script:
            told = "这份草稿在别处改动过，这里的内容没有保存。请按“存为草稿”，对照两份内容后再决定。"
            errors = self.form.non_field_errors()
            return JsonResponse(
                {"told": told if conflict else "".join(map(str, errors)), "conflict": conflict}, status=status
            )
        found = differences(self.work, self.content) if conflict and self.work else []
        stale = {"told_stale": conflict, "conflict": found, "refused": not conflict}
        return page(self.request, self.form, self.work, self.token, status=status, more=stale)

    def saved(self) -> HttpResponse:
        assert self.work is not None
        if self.for_script:
            counts = counting(self.request, self.kind, self.work.main_author, self.work)
            told = {"errors": self.form.errors, "saved_at": clock(self.now), "counting": counts}
            return JsonResponse(state_of(self.work) | told)
        if self.form.errors or self.finds:
            return page(self.request, self.form, self.work, self.token, more=self.found())
        if self.action.startswith("pick:") and self.form.linked_book is not None:
            messages.success(self.request, f"已选用{self.form.linked_book.quoted}，草稿已保存。")
        elif self.action == "unlink":
            messages.success(self.request, "已取消关联，填写的文字保留。草稿已保存。")
        else:
            messages.success(self.request, "草稿已保存。")
        return redirect("work_edit", self.work.pk)


def chosen(data: QueryDict, action: str, kind: Kind) -> QueryDict:
    """What was typed, and where a book was picked, what the catalogue says of it in its place; `unlink` keeps it."""
    key = action.removeprefix("pick:")
    if action == "unlink":
        data = data.copy()
        data["book"] = ""
    elif action != key and is_id(key):
        book = Book.objects.filter(pk=int(key)).first()
        if book is not None:
            data = with_book(data.copy(), book, kind)
    return data


def with_book(data: QueryDict, book: Book, kind: Kind) -> QueryDict:
    data["book"] = str(book.pk)
    said = {"book_title": book.title, "author": book.author, "publisher": book.publisher, "isbn": book.isbn}
    for name, field in FORMS[kind].base_fields.items():
        if said.get(name):
            data[name] = said[name][: getattr(field, "max_length", None)]
    return data


def clock(now: datetime) -> str:
    return timezone.localtime(now).strftime("%H:%M")
