"""Loose files are known to the floor of the organization from here on, so that every floor above can store files."""

from django.db import migrations

CHUNK = 500


def carry_down(apps, schema_editor):
    carry(apps.get_model("submissions", "LooseFile"), apps.get_model("organization", "LooseFile"))


def carry_up(apps, schema_editor):
    carry(apps.get_model("organization", "LooseFile"), apps.get_model("submissions", "LooseFile"))


def carry(source, target):
    """Also where it was begun before: what is known there already stays as it is."""
    rows = source.objects.order_by("pk").values_list("name", "since").iterator(CHUNK)
    target.objects.bulk_create((target(name=name, since=since) for name, since in rows), CHUNK, ignore_conflicts=True)
    source.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("organization", "0006_loose_files"), ("submissions", "0008_consent_decisions")]

    operations = [
        migrations.RunPython(carry_down, carry_up),
        migrations.DeleteModel(name="LooseFile"),
    ]
