"""Templates of questionnaires."""

from django.db import migrations

from activities.question_seeds import seed_questionnaires


def seed(apps, schema_editor):
    seed_questionnaires(apps.get_model("activities", "Questionnaire"), apps.get_model("activities", "Question"))


class Migration(migrations.Migration):
    dependencies = [("activities", "0004_seeds")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
