"""The index that the catalogue's search asks. Where SQLite has no FTS5 there is none, and a search reads every title."""

from django.db import migrations

TABLE = "reading_book_grams"
SQLITE = f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5(grams, tokenize='ascii', detail='none', columnsize=0)"
POSTGRESQL = (
    f"CREATE TABLE IF NOT EXISTS {TABLE} (book_id bigint PRIMARY KEY, grams tsvector NOT NULL)",
    f"CREATE INDEX IF NOT EXISTS {TABLE}_gin ON {TABLE} USING gin (grams)",
)


def create(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            for statement in POSTGRESQL:
                cursor.execute(statement)
            return
        cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
        if cursor.fetchone()[0]:
            cursor.execute(SQLITE)


def drop(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("reading", "0003_circulation_guards")]

    operations = [migrations.RunPython(create, drop)]
