from datetime import date
from typing import Any

from django import forms

from activities.forms.feedback import TEXT_LENGTH, VersionedForm
from activities.models import Finding
from organization.models import Cadre
from organization.services.naming import Candidate, NoPerson, candidates_for, labelled
from shuxiang.fields import DayField, LineField, TextField

LENGTH = 300
YEARS = (2000, 2100)


class FindingForm(forms.Form):
    text = TextField("问题", LENGTH, rows=3, help_text="一条问题写一件事。")


class AssignForm(VersionedForm):
    """The owner by name or 工号; where several bear it, `owner_choice` is the one that was ticked."""

    text = TextField("问题", LENGTH, rows=2)
    measure = TextField("整改措施", LENGTH, rows=2, required=False)
    owner = LineField("责任人", 100, required=False, help_text="填姓名或工号。")
    owner_choice = forms.CharField(required=False, widget=forms.HiddenInput)
    due_on = DayField("完成期限", years=YEARS, required=False)

    def __init__(self, *args: Any, viewer: Cadre, finding: Finding, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.finding, self.today = viewer, finding, today
        self.candidates: list[Candidate] = []

    def clean_due_on(self) -> date | None:
        """One that has passed may stay as it is."""
        day: date | None = self.cleaned_data["due_on"]
        if day is not None and day < self.today and day != self.finding.due_on:
            raise forms.ValidationError("完成期限不能早于今天。")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        words, stored = cleaned.get("owner", ""), self.finding.owner
        same = stored is not None and words == labelled(stored)  # also who has left meanwhile
        cleaned["who"] = stored if same else self.named(words, cleaned.get("owner_choice", "")) if words else None
        return cleaned

    def named(self, words: str, chosen: str) -> Cadre | None:
        try:
            self.candidates = candidates_for(words, near=self.viewer, day=self.today)
        except NoPerson as error:
            self.add_error("owner", str(error))
            return None
        found = [each.cadre for each in self.candidates if str(each.cadre.pk) == chosen]
        if len(self.candidates) == 1:
            found, self.candidates = [self.candidates[0].cadre], []
        if not found:
            self.add_error("owner", f"叫“{words[:30]}”的有 {len(self.candidates)} 人，请在下面选一位。")
            return None
        return found[0]


def stored_assignment(finding: Finding) -> dict[str, Any]:
    return {
        "text": finding.text,
        "measure": finding.action,
        "owner": labelled(finding.owner) if finding.owner else "",
        "due_on": finding.due_on,
    }


class FindingReplyForm(VersionedForm):
    reply = TextField("答复", TEXT_LENGTH, rows=4)
    is_public = forms.BooleanField(
        label="公开", required=False, help_text="全体职工能看到问题、措施、责任科室、期限和答复，看不到责任人。"
    )


class ProgressForm(VersionedForm):
    note = TextField("进展", LENGTH, rows=3)


class FindingDecideForm(VersionedForm):
    action = forms.ChoiceField(
        choices=[("solve", "整改完成"), ("drop", "不再跟踪"), ("reopen", "重新整改")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "没有看懂要怎样办理，请重新选择。"),
    )
    reason = TextField("说明", LENGTH, rows=2, required=False, help_text="不再跟踪和重新整改必须写明原因。")


class ReviewForm(VersionedForm):
    """One finding at a progress meeting."""

    note = TextField("会上情况", LENGTH, rows=2, required=False)
    solved = forms.BooleanField(label="已整改", required=False)
