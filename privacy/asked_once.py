"""Lists whose filters and searches read much."""

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

# More than this many are found by what is true of many, which is quickly asked again.
MOST = 10_000


class AskedOnce(ChangeList):
    """What a filter or a search finds is asked once; the count, the page and the days are of that.

    Django asks the same anew for each of them.
    """

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        if not (self.query or self.get_filters_params()):
            return found
        keys = list(found.order_by().values_list("pk", flat=True)[: MOST + 1])
        if len(keys) > MOST:
            return found
        return self.root_queryset.filter(pk__in=keys).order_by(*found.query.order_by)
