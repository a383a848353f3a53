"""The portal's addresses and one more: a minimal page, for `benchmark pages` alone.

Its server imports `application` from here, so that the portal itself never has the page.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuxiang.settings")
settings.ROOT_URLCONF = __name__
application = get_wsgi_application()


def patterns() -> list:
    from django.contrib.auth.decorators import login_required
    from django.http import HttpRequest, HttpResponse
    from django.shortcuts import render
    from django.views.decorators.cache import never_cache

    from shuxiang import urls
    from submissions.models import Submission

    @never_cache
    @login_required
    def plain(request: HttpRequest) -> HttpResponse:
        """20 rows of one table."""
        rows = Submission.objects.order_by("-pk").values_list("pk", "title")[:20]
        return render(request, "benchmarks/plain.html", {"rows": rows})

    return [path("plain/", plain), *urls.urlpatterns]


urlpatterns = patterns()
