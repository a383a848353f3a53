from typing import Any

from django import forms

from reading.forms.book_choice import YEARS, BookChoice
from reading.models import Lead
from reading.services.leading import LeadContent
from shuxiang.fields import DayField, LineField, TextField


class LeadForm(BookChoice):
    """One month of a leader: the book, why, and the talk about it."""

    reason = TextField("推荐理由", 1000, required=False)
    talk_topic = LineField("领读主题", 200, required=False)
    talk_on = DayField("领读日期", years=YEARS, required=False)
    talk_note = TextField("领读纪要", 5000, rows=6, required=False)
    is_done = forms.BooleanField(label="已完成领读", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "title" not in self.errors and not self.named()[0]:
            self.add_error("title", "请填写书名。")
        return cleaned

    def content(self) -> LeadContent:
        title, author, book = self.named()
        names = ("reason", "talk_topic", "talk_on", "talk_note", "is_done")
        return LeadContent(title, author, book, **{name: self.cleaned_data[name] for name in names})


def stored_lead(lead: Lead) -> dict[str, Any]:
    names = ("title", "author", "reason", "talk_topic", "talk_on", "talk_note", "is_done")
    return {name: getattr(lead, name) for name in names} | {"book": lead.book_id}
