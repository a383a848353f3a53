from django import template

from organization.models import Department

register = template.Library()


@register.simple_tag
def unit_name() -> str:
    """The name of the whole tree's root; empty before the first roster."""
    return Department.objects.filter(parent=None).values_list("name", flat=True).first() or ""
