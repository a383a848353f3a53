"""The names of a statement's rows are gathered in two walks over them, numbers and texts apart, not in one per column.

Half a million wide rows cost PostgreSQL 50 ms a walk. What is refused and what is locked stays as 0006 made it.
"""

import importlib

from django.db import migrations

guards = importlib.import_module("assessment.migrations.0006_guards_by_statement")

# What is gathered together: few distinct pairs of numbers, or of texts.
WALKS = {
    "assessment_entry": [("cadre_id", "department_id"), ("period_id", "corrects_id", "seal_id")],
    "assessment_personresult": [("cadre_id", "department_id", "agency_id"), ("period_id",)],
}

GATHER = """
    WITH named AS MATERIALIZED (SELECT {columns} FROM changed GROUP BY {columns})
    SELECT {arrays} INTO {variables};
"""
ARRAY = "ARRAY(SELECT {column} FROM named WHERE {column} IS NOT NULL GROUP BY {column})"
LOCK = """
    PERFORM 1 FROM {parent} JOIN unnest({column}s) AS named (wanted) ON {parent}.{key} = wanted FOR KEY SHARE OF {parent};
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found < cardinality({column}s) THEN
        RAISE EXCEPTION 'unknown_name: {table}.{column}' USING ERRCODE = 'foreign_key_violation';
    END IF;
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_names_known() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE {variables} found bigint;
BEGIN
{steps}
    RETURN NULL;
END $$;
"""


def function(table):
    columns = guards.REFERENCES[table]
    steps, variables = [], []
    for walk in WALKS[table]:
        arrays = ", ".join(ARRAY.format(column=column) for column in walk)
        names = ", ".join(f"{column}s" for column in walk)
        steps.append(GATHER.format(columns=", ".join(walk), arrays=arrays, variables=names))
    for column, (parent, key) in columns.items():
        steps.append(LOCK.format(table=table, column=column, parent=parent, key=key))
        variables.append(f"{column}s {'varchar' if key == 'code' else 'bigint'}[];")
    return FUNCTION.format(table=table, variables=" ".join(variables), steps="".join(steps))


def gather(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in WALKS:
            schema_editor.execute(function(table))


def gather_by_column(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, references in guards.by("table").items():
            if table in WALKS:
                checks = "".join(guards.CHECK_NAMES.format(**reference) for reference in references)
                create = guards.CHILD.format(table=table, checks=checks).partition("CREATE TRIGGER")[0]
                schema_editor.execute(create.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))


class Migration(migrations.Migration):
    dependencies = [("assessment", "0007_fewer_indexes")]

    operations = [migrations.RunPython(gather, gather_by_column)]
