import pytest

from reading.models import Copy
from reading.tests.factories import CopyFactory
from reading.tests.rooms import TODAY
from reading.views.arrived import arrived, spans_of


def test_barcodes_that_follow_one_another_are_one_span():
    found = ["9", "SX000009", "SX000010", "SX000012", "SX999999", "SX1000000", "TM-1", "SX", "SX²"]
    assert list(spans_of(found)) == [
        ("9", "9"), ("SX000009", "SX000010"), ("SX000012", "SX000012"), ("SX999999", "SX999999"),
        ("SX1000000", "SX1000000"), ("TM-1", "TM-1"), ("SX", "SX"), ("SX²", "SX²"),
    ]  # fmt: skip
    assert list(spans_of([])) == []


@pytest.mark.django_db
def test_what_is_told_is_escaped():
    CopyFactory(barcode="<b>")
    assert "条码 &lt;b&gt;，" in arrived(list(Copy.objects.all()), TODAY)
