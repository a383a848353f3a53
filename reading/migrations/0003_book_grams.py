"""The index that the catalogue's search asks. Where SQLite has no FTS5 there is none, and a search reads every title."""

from django.db import migrations

from reading.services.grams import create_index, drop_index


def create(apps, schema_editor):
    create_index(schema_editor.connection)


def drop(apps, schema_editor):
    drop_index(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("reading", "0002_seeds")]

    operations = [migrations.RunPython(create, drop)]
