"""A barcode, as keyboards, scanners and addresses send it, leads to its copy."""

import pytest
from django.urls import reverse

from reading.services.barcodes import read_code
from reading.tests.factories import CopyFactory, reader
from reading.tests.hostile import TYPED
from reading.tests.rooms import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


@pytest.mark.parametrize(
    "text",
    [
        "ＳＸ０００１２３",
        "SX000123\r\n",
        "http://x/copies/SX000123/",
        "http://x/copies/SX000123",
        "/copies/SX%30%300123/?q=1",
    ],
)
def test_a_barcode_is_read_from_keyboards_and_addresses(text):
    assert read_code(text) == "SX000123"


@pytest.mark.parametrize("typed_barcode", ["sx000123", "SX000123", " ＳＸ000123 ", "http://portal/copies/SX000123/"])
def test_a_barcode_leads_to_its_copy(client, typed_barcode):
    CopyFactory(barcode="SX000123")
    client.force_login(reader())
    assert client.get(reverse("copy_find"), {"barcode": typed_barcode}).url == reverse("copy", args=["SX000123"])


@pytest.mark.parametrize("word", ["", "SX1", *TYPED])
def test_a_barcode_of_no_copy_is_told(client, word):
    client.force_login(reader())
    page = client.get(reverse("copy_find"), {"barcode": word[:3000]})
    assert (page.status_code, len(page.context["messages"])) == (200, 1)
