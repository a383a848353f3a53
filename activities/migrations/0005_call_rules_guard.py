"""The database's own refusal to change what a call for works said when it opened (see docs/decisions.md).

Once it is no draft, number, title, kinds, rules, their digest and the first day stay, and it never is a draft again;
only the last day moves.
A later migration that rebuilds this table on SQLite drops its triggers and must create them again.
"""

from django.db import migrations

FROZEN = ("reference", "title", "kinds", "rules", "rules_sha256", "since")
OLD, NEW = (", ".join(f"{side}.{column}" for column in FROZEN) for side in ("OLD", "NEW"))

POSTGRESQL = f"""
CREATE FUNCTION call_rules_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'call_rules_are_frozen' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER call_rules_are_frozen BEFORE UPDATE ON activities_call
FOR EACH ROW WHEN (OLD.state <> 'draft' AND (NEW.state = 'draft' OR ({OLD}) IS DISTINCT FROM ({NEW})))
EXECUTE FUNCTION call_rules_are_frozen();
"""
POSTGRESQL_DROP = "DROP FUNCTION call_rules_are_frozen() CASCADE"

SQLITE = f"""
CREATE TRIGGER call_rules_are_frozen BEFORE UPDATE ON activities_call
WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR ({OLD}) IS NOT ({NEW}))
BEGIN SELECT RAISE(ABORT, 'call_rules_are_frozen'); END
"""
SQLITE_DROP = "DROP TRIGGER call_rules_are_frozen"


def guard(apps, schema_editor):
    schema_editor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def unguard(apps, schema_editor):
    schema_editor.execute(POSTGRESQL_DROP if schema_editor.connection.vendor == "postgresql" else SQLITE_DROP)


class Migration(migrations.Migration):
    dependencies = [("activities", "0004_seeds")]

    operations = [migrations.RunPython(guard, unguard)]
