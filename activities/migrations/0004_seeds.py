"""The programme's recurring days and its commitments."""

from django.db import migrations
from django.utils import timezone

from activities.seeds import seed_programme


def seed(apps, schema_editor):
    series, commitment = apps.get_model("activities", "Series"), apps.get_model("activities", "Commitment")
    seed_programme(series, commitment, timezone.localdate())


class Migration(migrations.Migration):
    dependencies = [("activities", "0003_programme")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
