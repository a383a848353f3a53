"""Ledger and personal results are asked for by period first: an index on the department alone costs every run a tenth.

The indexes go by their names: altering the fields would build the tables anew on SQLite, without their triggers.
"""

import django.db.models.deletion
from django.db import migrations, models

INDEXES = {
    "assessment_entry": "assessment_entry_department_id_648b0bd7",
    "assessment_personresult": "assessment_personresult_department_id_38ac8d08",
}


def department(name, related_name):
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to="organization.department",
        verbose_name=name,
    )


class Migration(migrations.Migration):
    dependencies = [("assessment", "0006_guards_by_statement")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"DROP INDEX {index}", f"CREATE INDEX {index} ON {table} (department_id)")
                for table, index in INDEXES.items()
            ],
            state_operations=[
                migrations.AlterField("entry", "department", department("计入科室", "entries")),
                migrations.AlterField("personresult", "department", department("现科室", "+")),
            ],
        )
    ]
