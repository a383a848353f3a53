"""A person's postings, party groups and leaves, as rows on the person's page."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from organization.desk import DeskInline, signed_in
from organization.desk_forms import LabelledFormSet, refused
from organization.models import Cadre, Department, Leave, PartyMembership, Posting, Tree, work_scope_of
from organization.roles import Role
from organization.services.placements import check_spans


class SpanFormSet(LabelledFormSet):
    """Rows of one person that never overlap, changed only by an office whose scope they lie in."""

    actor: Cadre

    def clean(self) -> None:
        super().clean()
        kept, changed, deleted = [], [], []
        for form in self.forms:
            if not form.is_valid() or not form.instance.since:
                continue
            if form.cleaned_data.get("DELETE"):
                deleted.append(form.instance)
                continue
            kept.append(form.instance)
            if form.has_changed():
                changed.append(form.instance)
        self.refuse_overlaps(kept)
        if changed or deleted:
            refused(check_spans, cadre=self.instance, spans=changed, deleted=deleted, actor=self.actor)

    def refuse_overlaps(self, kept: list[Any]) -> None:
        kept = sorted(kept, key=lambda span: span.since)
        for place, span in enumerate(kept[1:], start=1):
            clash = next((other for other in kept[:place] if span.overlaps(other)), None)
            if clash is not None:
                name = span._meta.verbose_name
                raise forms.ValidationError(f"{name}的日期重叠：{clash}，{span}。同一天只能有一条，请改正起止日期。")


class PostingFormSet(SpanFormSet):
    def clean(self) -> None:
        super().clean()
        scope = work_scope_of(self.actor)
        places = {form.instance.department_id for form in self.forms if not form.cleaned_data.get("DELETE")}
        if self.is_changing() and not scope.everybody and places.isdisjoint(scope.departments):
            raise forms.ValidationError("请至少留一条本单位的任职，否则本单位的办公室看不到此人。")

    def is_changing(self) -> bool:
        return self.instance.pk is None or any(form.has_changed() for form in self.forms)


class SpanInline(DeskInline):
    """`place` is the foreign key whose choices are worked out once, not once per row."""

    formset = SpanFormSet
    editors = (Role.OFFICE,)
    place: str

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(self.place)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.actor = signed_in(request)
        field = formset.form.base_fields.get(self.place)
        if field is not None:
            field.queryset = self.offered(field.queryset, obj)
            field.choices = [("", "请选择"), *self.named(field.queryset)]
        return formset

    def offered(self, rows: QuerySet[Any], obj: Any) -> QuerySet[Any]:
        return rows

    def named(self, rows: QuerySet[Any]) -> list[tuple[int, str]]:
        return [(row.pk, str(row)) for row in rows]


class PostingInline(SpanInline):
    model = Posting
    formset = PostingFormSet
    place = "department"

    def offered(self, rows: QuerySet[Department], obj: Any) -> QuerySet[Department]:
        """Departments in sight, and those of earlier postings elsewhere, which can stay but not be chosen anew."""
        earlier = Posting.objects.filter(cadre=obj).values("department")
        return Department.objects.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=earlier))

    def named(self, rows: QuerySet[Department]) -> list[tuple[int, str]]:
        tree, allowed = Tree.load(), set(rows.values_list("pk", flat=True))
        return [(node.id, tree.paths[node.id]) for node in tree.ordered if node.id in allowed]


class PartyMembershipInline(SpanInline):
    model = PartyMembership
    place = "party_group"


class LeaveInline(DeskInline):
    model = Leave
    editors = (Role.OFFICE,)
