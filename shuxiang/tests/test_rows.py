"""Updating many rows at once."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organization.models import Holiday
from shuxiang.rows import insert_plain, update_rows
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
FIELDS = ["title", "credit_date", "grade", "graded_version", "revision", "changed_at"]


def test_each_row_gets_its_own_values_and_no_other_column_changes():
    works = [SubmissionFactory() for _ in range(3)]
    for number, work in enumerate(works[:2], start=1):
        work.title, work.reference = f"题'{number}%s", "不写入"
        work.credit_date, work.changed_at = date(2024, 2, number), datetime(2024, 3, number, tzinfo=UTC)
        work.revision, work.grade, work.graded_version = number + 5, "good", work.versions.get()
    works[1].grade, works[1].graded_version = "", None
    references = list(Submission.objects.order_by("pk").values_list("reference", flat=True))
    update_rows(works[:2], FIELDS)
    names = [Submission._meta.get_field(name).attname for name in FIELDS]
    stored = Submission.objects.order_by("pk")
    assert list(stored.values_list(*names)) == [tuple(getattr(work, name) for name in names) for work in works]
    assert list(stored.values_list("reference", flat=True)) == references


def test_it_is_one_statement_for_many_and_none_for_nothing():
    works = [SubmissionFactory() for _ in range(5)]
    with CaptureQueriesContext(connection) as asked:
        update_rows(works, ["title"])
        update_rows([], ["title"])
    assert len(asked) == 1


def test_plain_rows_are_stored_as_they_are_in_one_statement():
    rows = [(date(2024, 5, 1), "劳动'节%s", False), (date(2024, 5, 11), "调休", True)]
    with CaptureQueriesContext(connection) as asked:
        insert_plain(Holiday, ("date", "name", "is_workday"), rows)
        insert_plain(Holiday, ("date", "name", "is_workday"), [])
    assert list(Holiday.objects.order_by("date").values_list("date", "name", "is_workday")) == rows
    assert len(asked) <= 2
