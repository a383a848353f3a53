"""Small forms on the life of a work: what is said when it is withdrawn, confirmed or carried on."""

from datetime import date

from django import forms
from django.http import QueryDict

from organization.models import Cadre
from submissions.forms.fields import LineField, PeopleWidget, words_for
from submissions.models import Submission
from submissions.services.people import Circle, Unknown, people_of, typed_people
from submissions.states import IDEA_STEPS, Action

WORDS = forms.Textarea(attrs={"rows": 3})


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="原因", required=False, max_length=500, widget=WORDS, help_text="可以不填，办公室会看到。"
    )


class AnswerForm(forms.Form):
    """A member's own answer, or a liaison's for `member` with a reason."""

    answer = forms.ChoiceField(choices=[("confirm", "确认"), ("decline", "谢绝")], required=False)
    member = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    reason = LineField("理由", 200)


class StepForm(forms.Form):
    action = forms.ChoiceField(choices=[(action.value, action.label) for action in IDEA_STEPS])
    words = forms.CharField(
        label="情况",
        required=False,
        max_length=500,
        widget=WORDS,
        error_messages={"max_length": "最多 500 字，现在有 %(show_value)d 字，请缩短。"},
    )

    def clean_action(self) -> Action:
        return Action(self.cleaned_data["action"])


class MembersForm(forms.Form):
    members = forms.Field(label="成员", required=False)

    def __init__(self, data: QueryDict | None, *, work: Submission, viewer: Cadre, circle: Circle, day: date) -> None:
        super().__init__(data)
        self.viewer, self.day = viewer, day
        self.fields["members"].widget = PeopleWidget(circle.near)
        named = work.contributors.filter(position__gt=0).select_related("cadre")
        self.initial["members"] = words_for((each.cadre for each in named), circle.near)

    def clean_members(self) -> list[Cadre]:
        try:
            return people_of(typed_people(self.cleaned_data["members"] or []), near=self.viewer, day=self.day)
        except Unknown as error:
            raise forms.ValidationError(str(error)) from error
