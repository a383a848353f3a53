"""What a department hosts; without one the root does."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from organization.models import Cadre, Scope, neighbourhood_of, work_scope_of


class HostedQuerySet(models.QuerySet[Any]):
    def editable_by(self, viewer: Cadre) -> Self:
        """Rows of the viewer's scope; those of the root belong to whoever sees everybody."""
        return self.editable_in(work_scope_of(viewer))

    def editable_in(self, scope: Scope) -> Self:
        return self if scope.everybody else self.filter(department__in=scope.departments)

    def in_sight_of(self, viewer: Cadre) -> Self:
        """What concerns the viewer: hosted by the root, by the own agency's departments, or above them."""
        return self.in_neighbourhood(neighbourhood_of(viewer))

    def in_neighbourhood(self, scope: Scope) -> Self:
        seen = Q(department__isnull=True) | Q(department__in=scope.departments)
        return self if scope.everybody else self.filter(seen)
