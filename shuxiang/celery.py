"""The Celery application. Its broker's folders live under SHUXIANG_DATA (settings)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuxiang.settings")
app = Celery("shuxiang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
