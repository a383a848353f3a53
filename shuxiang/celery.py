"""The Celery application and its clock. The broker's folders live under SHUXIANG_DATA (settings)."""

import os

from celery import Celery
from celery.schedules import crontab
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuxiang.settings")
# kombu's own ends the worker at a message that a full disk has cut short.
TRANSPORT_ALIASES["filesystem"] = "shuxiang.broker:Transport"
app = Celery("shuxiang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "work that waits": {"task": "assessment.work", "schedule": 15, "options": {"expires": 15}},
    "files that wait": {"task": "submissions.prepare", "schedule": 15, "options": {"expires": 15}},
    "every hour: files that nobody needs": {"task": "submissions.tidy", "schedule": crontab(minute=20)},
    "every night: what facts have changed": {"task": "assessment.refresh", "schedule": crontab(hour=2, minute=30)},
    "every day: what waits unread, outward": {
        "task": "notices.digest",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
    "every morning: licences that end": {"task": "reading.licences", "schedule": crontab(hour=7, minute=30)},
    "every week: links that may be dead": {
        "task": "reading.links",
        "schedule": crontab(day_of_week="sun", hour=4, minute=30),
    },
    "every night: calls whose last day has passed": {
        "task": "activities.close_calls",
        "schedule": crontab(hour=0, minute=10),
    },
    "every morning: calls that end soon": {"task": "submissions.remind_calls", "schedule": crontab(hour=8, minute=10)},
    "every morning: commitments that lack an activity": {
        "task": "activities.warn",
        "schedule": crontab(hour=8, minute=20),
    },
    "texts to compare": {"task": "submissions.print", "schedule": 60, "options": {"expires": 60}},
    "every night: what the showcase searches in": {"task": "submissions.index", "schedule": crontab(hour=3, minute=10)},
    "every morning: lists of activities": {"task": "activities.sign_ups", "schedule": crontab(hour=8, minute=5)},
    "every morning: loans and holds": {"task": "reading.remind", "schedule": crontab(hour=8, minute=0)},
    "every morning: what activities, box and findings wait for": {
        "task": "activities.remind",
        "schedule": crontab(hour=8, minute=5),
    },
    "every night: loans that lose their names": {"task": "reading.forget", "schedule": crontab(hour=3, minute=40)},
    "every night: what the catalogue searches in": {"task": "reading.index", "schedule": crontab(hour=3, minute=25)},
    "every morning: questionnaires that end": {
        "task": "activities.close_questionnaires",
        "schedule": crontab(hour=0, minute=10),
    },
    "every night: the order in which the box was filled": {
        "task": "activities.mix",
        "schedule": crontab(hour=0, minute=20),
    },
    "every night: activities of the series": {"task": "activities.generate", "schedule": crontab(hour=1, minute=10)},
    "every night: what nobody needs any more": {"task": "assessment.tidy", "schedule": crontab(hour=4, minute=0)},
}
