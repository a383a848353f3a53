"""Every address of the reading room and of the activities with every role."""

import pytest
from django.urls import reverse

from organization.roles import Role
from reading.tests.factories import reader
from shuxiang.tests.activity_addresses import PAGES as ACTIVITIES
from shuxiang.tests.addresses import read_out
from shuxiang.tests.reading_addresses import PAGES as READING

pytestmark = pytest.mark.django_db
PAGES = {**READING, **ACTIVITIES}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_role_at_each_address(name, client):
    page = PAGES[name]
    for role in Role:
        viewer = reader(role)
        url = reverse(name, kwargs=page.arguments(viewer))
        client.logout()
        assert getattr(client, page.method)(url).url.startswith("/login/")
        client.force_login(viewer)
        response = getattr(client, page.method)(url)
        read_out(response)
        assert response.status_code == (page.status if role in page.readers else page.refused), role
