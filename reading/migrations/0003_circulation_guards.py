"""The database's own refusal of loans and holds that do not fit their copies (see docs/decisions.md).

An open loan stands only on a copy that is out, and such a copy goes nowhere before its loan has ended; the same for a
copy that is set aside and its hold. On PostgreSQL the copy is locked while it is looked at, so that of two at once the
later sees what the earlier did.
A later migration that rebuilds one of these tables on SQLite drops its triggers and must create them again.
"""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION loan_fits_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM reading_copy WHERE id = NEW.copy_id AND state = 'on_loan' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'loan_of_a_copy_that_is_out' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER loan_opened BEFORE INSERT OR UPDATE OF copy_id, returned_at ON reading_loan
FOR EACH ROW WHEN (NEW.returned_at IS NULL) EXECUTE FUNCTION loan_fits_copy();

CREATE FUNCTION hold_fits_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM reading_copy WHERE id = NEW.copy_id AND state = 'set_aside' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'hold_of_a_copy_that_is_set_aside' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hold_ready BEFORE INSERT OR UPDATE OF copy_id, state ON reading_hold
FOR EACH ROW WHEN (NEW.state = 'ready') EXECUTE FUNCTION hold_fits_copy();

CREATE FUNCTION copy_is_spoken_for() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'on_loan' AND EXISTS (
        SELECT 1 FROM reading_loan WHERE copy_id = OLD.id AND returned_at IS NULL
    ) OR OLD.state = 'set_aside' AND EXISTS (
        SELECT 1 FROM reading_hold WHERE copy_id = OLD.id AND state = 'ready'
    ) THEN
        RAISE EXCEPTION 'copy_is_spoken_for' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER copy_is_spoken_for BEFORE UPDATE OF state ON reading_copy
FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION copy_is_spoken_for();
"""
POSTGRESQL_DROP = """
DROP FUNCTION loan_fits_copy() CASCADE;
DROP FUNCTION hold_fits_copy() CASCADE;
DROP FUNCTION copy_is_spoken_for() CASCADE;
"""

FITS = """
CREATE TRIGGER {name} BEFORE {event} ON {table}
WHEN {when} AND COALESCE((SELECT state FROM reading_copy WHERE id = NEW.copy_id), '') <> '{state}'
BEGIN SELECT RAISE(ABORT, '{said}'); END
"""
SPOKEN_FOR = """
CREATE TRIGGER copy_is_spoken_for BEFORE UPDATE OF state ON reading_copy
WHEN OLD.state <> NEW.state AND (
    OLD.state = 'on_loan'
    AND EXISTS (SELECT 1 FROM reading_loan WHERE copy_id = OLD.id AND returned_at IS NULL)
    OR OLD.state = 'set_aside'
    AND EXISTS (SELECT 1 FROM reading_hold WHERE copy_id = OLD.id AND state = 'ready')
)
BEGIN SELECT RAISE(ABORT, 'copy_is_spoken_for'); END
"""
LOAN = {"table": "reading_loan", "when": "NEW.returned_at IS NULL", "state": "on_loan",
        "said": "loan_of_a_copy_that_is_out"}  # fmt: skip
HOLD = {"table": "reading_hold", "when": "NEW.state = 'ready'", "state": "set_aside",
        "said": "hold_of_a_copy_that_is_set_aside"}  # fmt: skip
SQLITE = {
    "loan_opened": FITS.format(name="loan_opened", event="INSERT", **LOAN),
    "loan_reopened": FITS.format(name="loan_reopened", event="UPDATE OF copy_id, returned_at", **LOAN),
    "hold_made_ready": FITS.format(name="hold_made_ready", event="INSERT", **HOLD),
    "hold_ready": FITS.format(name="hold_ready", event="UPDATE OF copy_id, state", **HOLD),
    "copy_is_spoken_for": SPOKEN_FOR,
}


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        return
    for statement in SQLITE.values():
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_DROP)
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("reading", "0002_seeds")]

    operations = [migrations.RunPython(guard, unguard)]
