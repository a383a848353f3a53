from typing import Any

from django import template
from django.db.models.options import Options

from organization.desk import heads_the_tree
from organization.services.register_kinds import RegisterKind, kind_of_model

register = template.Library()


@register.simple_tag(takes_context=True)
def register_of(context: dict[str, Any], opts: "Options[Any]") -> RegisterKind | None:
    """The register that fills this list, for those who may bring one in."""
    kind = kind_of_model(opts.label_lower)
    return kind if kind is not None and heads_the_tree(context["request"]) else None
