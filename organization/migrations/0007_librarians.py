"""The role of those who run the reading room."""

from django.db import migrations

from organization.seeds import seed_roles


def seed(apps, schema_editor):
    seed_roles(apps.get_model("auth", "Group"))


class Migration(migrations.Migration):
    dependencies = [("organization", "0006_loose_files"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
