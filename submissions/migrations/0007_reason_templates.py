from django.db import migrations

from submissions.seeds import seed_reason_templates


def seed(apps, schema_editor):
    seed_reason_templates(apps.get_model("submissions", "ReasonTemplate"))


class Migration(migrations.Migration):
    dependencies = [("submissions", "0006_likeness_and_notes")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
