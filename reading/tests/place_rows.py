"""One row of each model of places and stocktakes, for tests of lists."""

from django.utils import timezone

from organization.models import Cadre
from reading.models import BudgetLine, Difference, Furniture, Project, Stocktake
from reading.tests.factories import CopyFactory, PlaceFactory


def make_place_rows(number: int, cadre: Cadre) -> None:
    place = PlaceFactory(code=f"L{number}", name=f"书架{number}", keeper=cadre, parent=PlaceFactory(code=f"M{number}"))
    Furniture.objects.create(place=place, name="台灯", quantity=2)
    project = Project.objects.create(title=f"改造{number}", place=place)
    BudgetLine.objects.create(project=project, item="书架", planned=100, spent=90)
    stocktake = Stocktake.objects.create(place=place, started_by=cadre, started_at=timezone.now())
    copy = CopyFactory(home=place)
    Difference.objects.create(
        stocktake=stocktake, kind="missing", copy=copy, barcode=copy.barcode, resolution="noted", resolved_by=cadre,
        resolved_at=timezone.now(), note="在修补室",
    )  # fmt: skip
