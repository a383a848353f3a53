"""The programme's recurring days and its commitments, and templates of questionnaires."""

from django.db import migrations
from django.utils import timezone

from activities.question_seeds import seed_questionnaires
from activities.seeds import seed_programme


def seed(apps, schema_editor):
    series, commitment = apps.get_model("activities", "Series"), apps.get_model("activities", "Commitment")
    seed_programme(series, commitment, timezone.localdate())
    seed_questionnaires(apps.get_model("activities", "Questionnaire"), apps.get_model("activities", "Question"))


class Migration(migrations.Migration):
    dependencies = [("activities", "0003_programme")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
