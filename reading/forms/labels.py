"""Which labels are printed, and from which place of the first sheet."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from organization.desk import is_id
from reading.forms.fields import PlaceField
from reading.models import Copy, CopyEvent
from reading.models.catalogue import CopyQuerySet
from reading.services.labels import LAYOUTS, MOST_LABELS, Layout
from reading.states import CopyAction
from shuxiang.fields import CountField, DayField, TextField


class SheetForm(forms.Form):
    layout = forms.ChoiceField(
        label="标签纸", choices=[(each.key, each.name) for each in LAYOUTS.values()], initial="large", required=False
    )
    start = CountField(
        "从第几张开始",
        65,
        initial=1,
        required=False,
        help_text="用过的标签纸，从剩下的第一张开始，从左到右数。",
    )

    @property
    def chosen_layout(self) -> Layout:
        return LAYOUTS[self.cleaned_data.get("layout") or "large"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        most = LAYOUTS[cleaned.get("layout") or "large"].per_sheet
        if (cleaned.get("start") or 1) > most:
            self.add_error("start", f"这种标签纸一页只有 {most} 张，请改正。")
        return cleaned

    @property
    def start_at(self) -> int:
        return int(self.cleaned_data.get("start") or 1)


class LabelsForm(SheetForm):
    """Copies by their place and the day they came in, or by their barcodes."""

    place = PlaceField(
        label="馆藏地点", closed_too=True, required=False, empty_label="全部",
        error_messages={"invalid_choice": "没有这个地点，请重新选择。"},
    )  # fmt: skip
    since = DayField("入藏自", required=False)
    until = DayField("入藏至", required=False)
    registered = DayField("哪天登记的", required=False, help_text="这一天登记或导入的馆藏，不论哪天入藏。")
    barcodes = TextField(
        "条码", 20000, 3, required=False,
        help_text="只印这些：可以扫描，一行一个；连续的可写成 SX000001-SX000024。",
    )  # fmt: skip

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data)
        self.ticked = [int(each) for each in (data.getlist("copy") if data else []) if is_id(each)][:MOST_LABELS]
        self.at = moment_in(data.get("at", "") if data else "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "“入藏至”不能早于“入藏自”，请改正其中之一。")
        return cleaned

    @property
    def asks(self) -> bool:
        names = ("place", "since", "until", "registered", "barcodes")
        return bool(self.ticked) or any(self.cleaned_data.get(name) for name in names)

    def copies(self) -> CopyQuerySet:
        """The copies in stock that were asked for, in the order in which they stand on the shelf."""
        said = self.cleaned_data
        copies = Copy.objects.in_stock().select_related("book")
        if self.ticked:
            copies = copies.filter(pk__in=self.ticked)
        if said.get("place"):
            copies = copies.filter(home=said["place"])
        if said.get("since"):
            copies = copies.filter(acquired_on__gte=said["since"])
        if said.get("until"):
            copies = copies.filter(acquired_on__lte=said["until"])
        if said.get("registered"):
            came = CopyEvent.objects.filter(copy=OuterRef("pk"), action=CopyAction.REGISTER)
            # Who types another day into the form no longer means the import.
            if self.at is not None and timezone.localdate(self.at) == said["registered"]:
                came = came.filter(at=self.at)
            else:
                came = came.filter(at__date=said["registered"])
            copies = copies.filter(Exists(came))
        if said.get("barcodes"):
            copies = copies.filter(named(said["barcodes"]))
        return copies.order_by("barcode")


def moment_in(text: str) -> datetime | None:
    """The moment of an import, as the link on its page says; nonsense is none."""
    try:
        found = parse_datetime(text)
        return timezone.localtime(found) if found is not None and timezone.is_aware(found) else None
    except (ValueError, OverflowError):
        return None


def named(text: str) -> Q:
    """Barcodes one by one, and spans from one to another of the same length."""
    words = text.replace("—", "-").replace("－", "-").replace("，", " ").replace(",", " ").upper().split()
    condition, alone = Q(barcode__in=[]), []
    for word in words[:MOST_LABELS]:
        first, dash, last = word.partition("-")
        if dash and len(first) == len(last) and len(condition.children) < 50:
            condition |= Q(barcode__gte=first, barcode__lte=last)
        else:
            alone.append(word)
    return condition | Q(barcode__in=alone)
