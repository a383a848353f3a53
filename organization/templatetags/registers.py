from typing import Any

from django import template
from django.db.models.options import Options

from organization.register_admin import brings_in
from organization.services.register_kinds import RegisterKind, kinds_of_model

register = template.Library()


@register.simple_tag(takes_context=True)
def registers_of(context: dict[str, Any], opts: "Options[Any]") -> list[RegisterKind]:
    """The registers that fill this list, for those who may bring one in."""
    return [kind for kind in kinds_of_model(opts.label_lower) if brings_in(context["request"], kind)]
