from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def item(found: Mapping[str, Any], name: str) -> Any:
    return found.get(name)


@register.filter
def signs(text: Any) -> int:
    """字数: characters of a text, blanks left out."""
    return sum(not each.isspace() for each in str(text))


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}"
