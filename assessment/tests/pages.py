"""The pages of an assessed office, as one of its people opens them."""

import pytest

from assessment.tests.offices import PERIOD, Office

HOME = f"/appraisal/{PERIOD}/"


@pytest.fixture
def office() -> Office:
    return Office().assess()


def page_of(client, cadre, query: str = "", address: str = "/board/") -> str:
    client.force_login(cadre)
    response = client.get(f"{address}{query}")
    assert response.status_code == 200
    return response.content.decode()


def appraisal(client, cadre, rest: str = "") -> str:
    return page_of(client, cadre, rest, HOME)


def status_of(client, cadre, address: str) -> int:
    client.force_login(cadre)
    return client.get(address).status_code
