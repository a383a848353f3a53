"""The database's own refusal to change what a sealed period holds (assessment rules, section 8).

A later migration that rebuilds one of these tables on SQLite drops its triggers and must create them again.
"""

from django.db import migrations

TABLES = (
    "assessment_entry",
    "assessment_personresult",
    "assessment_departmentresult",
    "assessment_partygroupresult",
)

POSTGRESQL = """
CREATE FUNCTION refuse_sealed_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM changed JOIN assessment_period p ON p.code = changed.period_id WHERE p.state = 'sealed') THEN
        RAISE EXCEPTION 'period_is_sealed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION refuse_sealed_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'sealed' THEN
        RAISE EXCEPTION 'period_is_sealed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER period_is_sealed BEFORE UPDATE OR DELETE ON assessment_period
FOR EACH ROW EXECUTE FUNCTION refuse_sealed_period();
"""
POSTGRESQL_TABLE = """
CREATE TRIGGER {table}_sealed_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION refuse_sealed_new();
CREATE TRIGGER {table}_sealed_update AFTER UPDATE ON {table} REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION refuse_sealed_new();
CREATE TRIGGER {table}_sealed_into AFTER UPDATE ON {table} REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION refuse_sealed_new();
CREATE TRIGGER {table}_sealed_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION refuse_sealed_new();
"""

SQLITE = """
CREATE TRIGGER {table}_sealed_{event} BEFORE {event} ON {table}
WHEN EXISTS (SELECT 1 FROM assessment_period WHERE code IN ({codes}) AND state = 'sealed')
BEGIN SELECT RAISE(ABORT, 'period_is_sealed'); END
"""
SQLITE_PERIOD = """
CREATE TRIGGER assessment_period_sealed_{event} BEFORE {event} ON assessment_period
WHEN OLD.state = 'sealed' BEGIN SELECT RAISE(ABORT, 'period_is_sealed'); END
"""
CODES = {"INSERT": "NEW.period_id", "UPDATE": "OLD.period_id, NEW.period_id", "DELETE": "OLD.period_id"}


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        for table in TABLES:
            schema_editor.execute(POSTGRESQL_TABLE.format(table=table))
        return
    for event in ("UPDATE", "DELETE"):
        schema_editor.execute(SQLITE_PERIOD.format(event=event))
    for table in TABLES:
        for event, codes in CODES.items():
            schema_editor.execute(SQLITE.format(table=table, event=event, codes=codes))


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION refuse_sealed_new() CASCADE; DROP FUNCTION refuse_sealed_period() CASCADE")
        return
    for event in ("UPDATE", "DELETE"):
        schema_editor.execute(f"DROP TRIGGER assessment_period_sealed_{event}")
    for table in TABLES:
        for event in CODES:
            schema_editor.execute(f"DROP TRIGGER {table}_sealed_{event}")


class Migration(migrations.Migration):
    dependencies = [("assessment", "0003_default_scheme")]

    operations = [migrations.RunPython(guard, unguard)]
