"""The clock wakes only what exists: a misspelt task would wait for ever, and nobody would be told."""

from shuxiang.celery import app


def test_every_entry_of_the_clock_is_a_task():
    app.loader.import_default_modules()
    asked = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert asked - set(app.tasks) == set()
    assert {"notices.digest", "submissions.print", "submissions.index"} <= asked
