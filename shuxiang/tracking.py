"""The two time stamps that every row from which points follow carries."""

from django.db import models


class Tracked(models.Model):
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    changed_at = models.DateTimeField("最近修改", auto_now=True, db_index=True)

    class Meta:
        abstract = True
