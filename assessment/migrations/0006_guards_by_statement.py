"""The ledger's guards at the price of a statement instead of a row: an assessment writes half a million rows.

PostgreSQL checks a foreign key by a query per row. Here triggers check each statement's rows together, with the same
locks: names that a statement writes are locked against deletion, and a name in use is not deleted. The models keep
their foreign keys, and SQLite, where a check is cheap, keeps them in the tables.
On SQLite the guard of sealed periods asks in the cheapest form; a later migration that rebuilds one of these tables
there must create the triggers of this one and of 0004 again.
"""

from django.db import migrations

# Table and column -> table and key that they name.
REFERENCES = {
    "assessment_entry": {
        "period_id": ("assessment_period", "code"),
        "cadre_id": ("organization_cadre", "id"),
        "department_id": ("organization_department", "id"),
        "corrects_id": ("assessment_period", "code"),
        "seal_id": ("assessment_seal", "id"),
    },
    "assessment_personresult": {
        "period_id": ("assessment_period", "code"),
        "cadre_id": ("organization_cadre", "id"),
        "department_id": ("organization_department", "id"),
        "agency_id": ("organization_department", "id"),
    },
    "assessment_departmentresult": {
        "period_id": ("assessment_period", "code"),
        "department_id": ("organization_department", "id"),
        "parent_id": ("organization_department", "id"),
    },
    "assessment_partygroupresult": {"period_id": ("assessment_period", "code")},
}

DROP_FOREIGN_KEY = """
DO $$
DECLARE found text;
BEGIN
    FOR found IN
        SELECT conname FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND ARRAY[attnum] = conkey
        WHERE contype = 'f' AND conrelid = '{table}'::regclass AND attname = '{column}'
    LOOP
        EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', found);
    END LOOP;
END $$
"""
ADD_FOREIGN_KEY = """
ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_fk
FOREIGN KEY ({column}) REFERENCES {parent} ({key}) DEFERRABLE INITIALLY DEFERRED
"""
# Locking finds what stands when the lock is held: a name deleted meanwhile is missed, one that is locked stays.
CHECK_NAMES = """
    {key}s := ARRAY(SELECT {column} FROM changed WHERE {column} IS NOT NULL GROUP BY {column});
    PERFORM 1 FROM {parent} JOIN unnest({key}s) AS named (wanted) ON {parent}.{key} = wanted FOR KEY SHARE OF {parent};
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found < cardinality({key}s) THEN
        RAISE EXCEPTION 'unknown_name: {table}.{column}' USING ERRCODE = 'foreign_key_violation';
    END IF;
"""
CHILD = """
CREATE FUNCTION {table}_names_known() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE codes varchar[]; ids bigint[]; found bigint;
BEGIN
{checks}
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_names_inserted AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION {table}_names_known();
CREATE TRIGGER {table}_names_updated AFTER UPDATE ON {table} REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION {table}_names_known();
"""
CHECK_USE = """
    IF EXISTS (SELECT 1 FROM {table} WHERE {column} = OLD.{key}) THEN
        RAISE EXCEPTION 'name_in_use: {table}.{column}' USING ERRCODE = 'foreign_key_violation';
    END IF;
"""
PARENT = """
CREATE FUNCTION {parent}_in_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{checks}
    RETURN NULL;
END $$;
CREATE TRIGGER {parent}_deleted AFTER DELETE ON {parent}
FOR EACH ROW EXECUTE FUNCTION {parent}_in_ledger();
CREATE TRIGGER {parent}_renamed AFTER UPDATE OF {key} ON {parent}
FOR EACH ROW WHEN (OLD.{key} <> NEW.{key}) EXECUTE FUNCTION {parent}_in_ledger();
"""

SQLITE = """
CREATE TRIGGER {table}_sealed_INSERT AFTER INSERT ON {table}
WHEN (SELECT state FROM assessment_period WHERE code = NEW.period_id) = 'sealed'
BEGIN SELECT RAISE(ABORT, 'period_is_sealed'); END
"""
SQLITE_BEFORE = """
CREATE TRIGGER {table}_sealed_INSERT BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM assessment_period WHERE code IN (NEW.period_id) AND state = 'sealed')
BEGIN SELECT RAISE(ABORT, 'period_is_sealed'); END
"""


def references():
    for table, columns in REFERENCES.items():
        for column, (parent, key) in columns.items():
            yield {"table": table, "column": column, "parent": parent, "key": key}


def by(name):
    found = {}
    for reference in references():
        found.setdefault(reference[name], []).append(reference)
    return found


def guard(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        replace_sqlite(schema_editor, SQLITE)
        return
    for reference in references():
        schema_editor.execute(DROP_FOREIGN_KEY.format(**reference), params=None)
    for table, found in by("table").items():
        checks = "".join(CHECK_NAMES.format(**reference) for reference in found)
        schema_editor.execute(CHILD.format(table=table, checks=checks))
    for parent, found in by("parent").items():
        checks = "".join(CHECK_USE.format(**reference) for reference in found)
        schema_editor.execute(PARENT.format(parent=parent, key=found[0]["key"], checks=checks))


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        replace_sqlite(schema_editor, SQLITE_BEFORE)
        return
    for table in by("table"):
        schema_editor.execute(f"DROP FUNCTION {table}_names_known() CASCADE")
    for parent in by("parent"):
        schema_editor.execute(f"DROP FUNCTION {parent}_in_ledger() CASCADE")
    for reference in references():
        schema_editor.execute(ADD_FOREIGN_KEY.format(**reference))


def replace_sqlite(schema_editor, statement):
    for table in REFERENCES:
        schema_editor.execute(f"DROP TRIGGER {table}_sealed_INSERT")
        schema_editor.execute(statement.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("assessment", "0005_runs")]

    operations = [migrations.RunPython(guard, unguard)]
