"""Who hosts something, and its labels: fields that the forms of the activities share."""

from typing import Any

from django import forms

from activities.kinds import Tag
from organization.models import Department, Standpoint


class HostField(forms.ChoiceField):
    """A department of the scope of whoever fills the form in; the root's office may leave it to the root. Cleaned to
    the Department or None."""

    def __init__(self, standpoint: Standpoint, **kwargs: Any) -> None:
        scope, tree = standpoint.work_scope, standpoint.tree
        root = tree.root.id if tree.root is not None else None
        inside = [node for node in tree.ordered if scope.everybody or node.id in scope.departments]
        offered: list[tuple[str, str]] = [(str(node.id), tree.paths[node.id]) for node in inside if node.id != root]
        if scope.everybody and tree.root is not None:
            offered.insert(0, ("", tree.root.name))
        message = "请选择主办科室。"
        super().__init__(
            label="主办", choices=offered, required=not scope.everybody,
            error_messages={"required": message, "invalid_choice": message}, **kwargs,
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return Department.objects.get(pk=chosen) if chosen else None


def labels_field() -> forms.MultipleChoiceField:
    """三位一体: in which of the three views the thing is shown."""
    return forms.MultipleChoiceField(
        label="标签", choices=Tag.choices, required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请在机关、支部、工会里选。"},
    )  # fmt: skip


def labels_of(labelled: Any) -> list[str]:
    return [name for name in Tag.values if getattr(labelled, name)]
