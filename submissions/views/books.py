from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuxiang.searches import searched
from submissions.services.books import find_books


@require_safe
@never_cache
@login_required
def work_books(request: HttpRequest) -> JsonResponse:
    """Titles of the catalogue for a form, while somebody types."""
    text = searched(request.GET)
    found = {"found_books": find_books(text), "book_query": text}
    return JsonResponse({"html": render_to_string("works/form/books.html", found)})
