from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from organization.desk import StampedAdmin, signed_in
from organization.desk_forms import StampedForm
from organization.roles import LIBRARIANS
from reading.models import DigitalResource
from reading.services.digital import Details, add_resource, change_resource
from shuxiang.links import BadLink, checked_link

DETAILS = tuple(Details.__dataclass_fields__)


class DigitalResourceForm(StampedForm):
    """Files come in by the resource's own page, which checks what they are; here a link is noted."""

    def clean_link(self) -> str:
        try:
            link = checked_link(self.cleaned_data["link"])
        except BadLink as error:
            raise forms.ValidationError(str(error)) from error
        if not link and not self.instance.file:
            raise forms.ValidationError("请填写网址；文件请到数字资源的页面上传。")
        if link:
            # The constraint on link and file is judged as the row will be.
            self.instance.file = ""
        return link


@admin.register(DigitalResource)
class DigitalResourceAdmin(StampedAdmin):
    form = DigitalResourceForm
    everybody_sees = True
    viewers = editors = adders = LIBRARIANS
    list_display = ["name", "kind", "area", "format", "licence_until", "is_closed", "link_state", "link_checked_at"]
    list_select_related = ["area"]
    list_filter = ["kind", "area", "is_closed", "link_state"]
    search_fields = ["title", "author", "search_text"]
    date_hierarchy = "licence_until"
    fields = DETAILS
    readonly_fields = ["original_name", "size", "link_state", "link_checked_at", "link_message"]

    @admin.display(description="名称", ordering="sort_key")
    def name(self, resource: DigitalResource) -> str:
        return resource.title

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*super().get_fields(request, obj), *(self.readonly_fields if obj is not None else ())]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "area":
            field.queryset = db_field.related_model.objects.all()
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        details, by, now = Details(**{name: getattr(obj, name) for name in DETAILS}), signed_in(request), timezone.now()
        if change:
            before = DigitalResource.objects.get(pk=obj.pk)
            saved = change_resource(
                resource=before, seen=before.changed_at, details=details, upload=None, by=by, now=now
            )
        else:
            saved = add_resource(details=details, upload=None, by=by, now=now)
        obj.pk, obj.changed_at = saved.pk, saved.changed_at
