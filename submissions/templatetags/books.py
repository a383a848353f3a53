from typing import Any

from django import template

from reading.models import Book
from submissions.services.books import works_about as found_about

register = template.Library()


@register.inclusion_tag("reading/works_about.html")
def works_about(book: Book) -> dict[str, Any]:
    """Essays and recommendations that everybody may see, for the book's page: one query."""
    works, has_more = found_about(book)
    return {"book": book, "works": works, "has_more": has_more}
