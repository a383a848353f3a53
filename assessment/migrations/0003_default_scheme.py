from django.db import migrations

from assessment.seeds import seed_default_scheme


def seed(apps, schema_editor):
    seed_default_scheme(
        apps.get_model("assessment", "Scheme"),
        apps.get_model("assessment", "Quota"),
        apps.get_model("assessment", "Rule"),
    )


class Migration(migrations.Migration):
    dependencies = [("assessment", "0002_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
