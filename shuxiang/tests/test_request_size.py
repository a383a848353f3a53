"""A request beyond every form's limit is refused before its body is read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/login/", "/nowhere/"])
def test_a_strangers_huge_body_is_refused_unread(address, client, settings):
    settings.REQUEST_MAX_BYTES = 1000
    response = client.post(address, {"file": SimpleUploadedFile("x", b"x" * 2000)})
    assert response.status_code == 413
    assert "没有收下" in response.content.decode()
    assert response.wsgi_request.META["wsgi.input"].read(1) != b""
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("length", ["-1", "1e3", "x", "9" * 5000])
def test_a_length_that_is_none_is_refused(length, client):
    assert client.post("/login/", CONTENT_LENGTH=length).status_code == 413


def test_a_body_within_the_limit_reaches_the_page(client, settings):
    settings.REQUEST_MAX_BYTES = 4000
    assert client.post("/login/", {"username": "x" * 1000}).status_code == 200
