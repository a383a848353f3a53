from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from notices.models import Notice
from notices.services import send
from organization.tests.factories import CadreFactory
from shuxiang.periods import SHANGHAI

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)


def test_everybody_named_gets_one_notice():
    one, other = CadreFactory(), CadreFactory()
    send(recipients=[one, other, one], subject="作品已通过", body="评为优秀。", address="/works/7/", now=NOW)
    assert list(Notice.objects.order_by("id").values_list("recipient", "subject", "body", "address", "created_at")) == [
        (each.pk, "作品已通过", "评为优秀。", "/works/7/", NOW) for each in (one, other)
    ]
    assert Notice.objects.of(one).unread().count() == 1


def test_a_closed_account_gets_none():
    gone = CadreFactory(is_active=False)
    assert send(recipients=[gone], subject="作品已通过", now=NOW) == []
    assert Notice.objects.count() == 0


def test_a_long_subject_is_cut_and_nobody_is_nobody():
    assert send(recipients=[], subject="读后", now=NOW) == []
    (notice,) = send(recipients=[CadreFactory()], subject="读" * 300, now=NOW)
    assert (len(notice.subject), notice.subject[-1]) == (200, "…")


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_a_notice_leads_nowhere_but_into_the_portal(address):
    with pytest.raises(IntegrityError), transaction.atomic():
        send(recipients=[CadreFactory()], subject="读后", address=address, now=NOW)
