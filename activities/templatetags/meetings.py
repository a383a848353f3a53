from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(names: Mapping[Any, str], key: Any) -> str:
    """What a mapping holds for a key; empty where it holds nothing."""
    return names.get(key, "")
