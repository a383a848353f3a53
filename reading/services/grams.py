"""The index behind the catalogue's search: the pieces of each title's text, in FTS5 on SQLite, in a tsvector with GIN
on PostgreSQL. It only names candidates: whoever asks it looks at the texts themselves too, so that a row too many, as
of a title that is gone, finds nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection as default
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL

from shuxiang.searches import grams_asked, grams_of

TABLE = "reading_book_grams"
KEY = {"sqlite": "rowid", "postgresql": "book_id"}
# `ascii` takes every sign beyond ASCII for a letter and folds none of them, rare Han characters included.
SQLITE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5(grams, tokenize='ascii', detail='none', columnsize=0)",
)
POSTGRESQL = (
    f"CREATE TABLE IF NOT EXISTS {TABLE} (book_id bigint PRIMARY KEY, grams tsvector NOT NULL)",
    f"CREATE INDEX IF NOT EXISTS {TABLE}_gin ON {TABLE} USING gin (grams)",
)


def create_index(connection: BaseDatabaseWrapper = default) -> bool:
    """Makes the empty index where there is none; False where this SQLite has no FTS5."""
    if connection.vendor == "sqlite" and not knows_fts5(connection):
        return False
    with connection.cursor() as cursor:
        for statement in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(statement)
    has_index.cache_clear()
    return True


@cache
def has_index() -> bool:
    """Looked up once in a process, beside Django's own queries; where there is none, a search reads every title."""
    if default.vendor != "sqlite":
        return True
    default.ensure_connection()
    tables = "SELECT 1 FROM sqlite_master WHERE name = ?"
    return knows_fts5(default) and default.connection.execute(tables, [TABLE]).fetchone() is not None


def knows_fts5(connection: BaseDatabaseWrapper) -> bool:
    connection.ensure_connection()
    return bool(connection.connection.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0])


def candidates(words: Iterable[str]) -> RawSQL | None:
    """Keys of the titles that may hold all words, as a subquery; None where the index has nothing to say."""
    pieces = sorted(set().union(*map(grams_asked, words)))
    if not pieces or not has_index():
        return None
    # Pieces consist of letters and digits alone, so that a quote around each is enough.
    if default.vendor == "sqlite":
        asked, condition = " ".join(f'"{piece}"' for piece in pieces), f"{TABLE} MATCH %s"
    else:
        asked, condition = " & ".join(f"'{piece}'" for piece in pieces), "grams @@ %s::tsquery"
    return RawSQL(f"SELECT {KEY[default.vendor]} FROM {TABLE} WHERE {condition}", [asked])


def stored(keys: Sequence[int]) -> dict[int, set[str]]:
    """The pieces that the index has of these titles."""
    if not keys:
        return {}
    with default.cursor() as cursor:
        if default.vendor == "sqlite":
            cursor.execute(f"SELECT rowid, grams FROM {TABLE} WHERE rowid IN ({marks(keys)})", keys)
            return {key: set(pieces.split(" ")) - {""} for key, pieces in cursor}
        cursor.execute(f"SELECT book_id, tsvector_to_array(grams) FROM {TABLE} WHERE book_id = ANY(%s)", [list(keys)])
        return {key: set(pieces) for key, pieces in cursor}


def store(texts: Mapping[int, str]) -> None:
    """In the place of what the index had of these titles; inside the caller's transaction."""
    rows: list[tuple[Any, ...]] = [(key, sorted(grams_of(text))) for key, text in texts.items()]
    with default.cursor() as cursor:
        if default.vendor == "sqlite":
            cursor.execute(f"DELETE FROM {TABLE} WHERE rowid IN ({marks(rows)})", list(texts))
            spaced = [(key, " ".join(pieces)) for key, pieces in rows]
            cursor.executemany(f"INSERT INTO {TABLE} (rowid, grams) VALUES (%s, %s)", spaced)
        else:
            cursor.executemany(
                f"INSERT INTO {TABLE} (book_id, grams) VALUES (%s, array_to_tsvector(%s::text[]))"
                " ON CONFLICT (book_id) DO UPDATE SET grams = excluded.grams",
                rows,
            )


def count_gone() -> int:
    """Rows of the index whose title is gone: they find nothing."""
    with default.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLE} WHERE {KEY[default.vendor]} NOT IN (SELECT id FROM reading_book)")
        return int(cursor.fetchone()[0])


def forget_gone() -> None:
    with default.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {KEY[default.vendor]} NOT IN (SELECT id FROM reading_book)")


def marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))
