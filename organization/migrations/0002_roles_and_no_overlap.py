"""Roles as groups, and the database's own refusal of overlapping postings and memberships."""

from django.db import migrations

from organization.seeds import seed_roles

TABLES = {"organization_posting": "posting_no_overlap", "organization_partymembership": "membership_no_overlap"}

POSTGRESQL = """
ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist (
    int8range(cadre_id, cadre_id, '[]') WITH &&, daterange(since, until, '[]') WITH &&
) DEFERRABLE INITIALLY IMMEDIATE
"""

SQLITE = """
CREATE TRIGGER {name}_{event} BEFORE {event} ON {table}
WHEN EXISTS (
    SELECT 1 FROM {table} AS other
    WHERE other.cadre_id = NEW.cadre_id AND other.id IS NOT NEW.id
    AND other.since <= COALESCE(NEW.until, '9999-12-31') AND COALESCE(other.until, '9999-12-31') >= NEW.since
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {name}'); END
"""


def seed(apps, schema_editor):
    seed_roles(apps.get_model("auth", "Group"))


def guard(apps, schema_editor):
    for table, name in TABLES.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(POSTGRESQL.format(table=table, name=name))
        else:
            for event in ("INSERT", "UPDATE"):
                schema_editor.execute(SQLITE.format(table=table, name=name, event=event))


def unguard(apps, schema_editor):
    for table, name in TABLES.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        else:
            for event in ("INSERT", "UPDATE"):
                schema_editor.execute(f"DROP TRIGGER {name}_{event}")


class Migration(migrations.Migration):
    dependencies = [("organization", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(guard, unguard),
    ]
