"""The five subject areas and the lending policy."""

from django.db import migrations

from reading.seeds import seed_reading_room


def seed(apps, schema_editor):
    seed_reading_room(apps.get_model("reading", "SubjectArea"), apps.get_model("reading", "LendingPolicy"))


class Migration(migrations.Migration):
    dependencies = [("reading", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
