"""The database's own refusal to delete a call for works that opened, or to put another in its place (see 0005).

On SQLite REPLACE deletes what stands in its way and asks no trigger of deletion: there whatever would take the key or
the number of such a call is refused before it is written.
A later migration that rebuilds this table on SQLite drops its triggers and must create them again.
"""

from django.db import migrations

TAKEN = """
SELECT 1 FROM activities_call AS opened
WHERE opened.state <> 'draft' AND (opened.id = NEW.id OR opened.reference = NEW.reference)
"""
TRIGGERS = {
    "call_stays": ("DELETE", "OLD.state <> 'draft'"),
    "call_keeps_its_key": ("UPDATE", "OLD.state <> 'draft' AND NEW.id <> OLD.id"),
}
SQLITE_TRIGGERS = TRIGGERS | {
    "call_is_not_replaced": ("INSERT", f"EXISTS ({TAKEN})"),
    "call_is_not_overwritten": ("UPDATE", f"EXISTS ({TAKEN} AND opened.id <> OLD.id)"),
}
POSTGRESQL = """
CREATE TRIGGER {name} BEFORE {event} ON activities_call
FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION call_rules_are_frozen()
"""
SQLITE = """
CREATE TRIGGER {name} BEFORE {event} ON activities_call WHEN {condition}
BEGIN SELECT RAISE(ABORT, 'call_rules_are_frozen'); END
"""


def guard(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    statement, triggers = (POSTGRESQL, TRIGGERS) if is_postgresql else (SQLITE, SQLITE_TRIGGERS)
    for name, (event, condition) in triggers.items():
        schema_editor.execute(statement.format(name=name, event=event, condition=condition))


def unguard(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name in TRIGGERS if is_postgresql else SQLITE_TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER {name}{' ON activities_call' if is_postgresql else ''}")


class Migration(migrations.Migration):
    dependencies = [("activities", "0006_words")]

    operations = [migrations.RunPython(guard, unguard)]
