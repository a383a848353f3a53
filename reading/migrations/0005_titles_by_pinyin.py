"""Titles are ordered by a stored key of their pinyin.

On SQLite the two tables are rebuilt; no trigger stands on them or names them.
"""

import re
import unicodedata

from django.db import migrations, models
from pypinyin import Style, lazy_pinyin

import shuxiang.ordering

CHUNK = 2000
KEY_LENGTH = 240
DIGITS = 6
PIECES = re.compile(r"(?P<number>\d+)|(?P<latin>[a-z]+)|[^\W\d_a-z]+")


def sort_key(title):
    """As it was when these keys were first written."""
    parts = unicodedata.normalize("NFKD", title).casefold()
    words, tones = [], []
    for piece in PIECES.finditer("".join(sign for sign in parts if not unicodedata.combining(sign))):
        if piece["number"]:
            digits = "".join(str(unicodedata.decimal(digit)) for digit in piece[0])
            words.append(digits.lstrip("0").zfill(DIGITS))
        elif piece["latin"]:
            words.append(piece[0])
        else:
            for reading in lazy_pinyin(piece[0], Style.TONE3, errors=unread, neutral_tone_with_five=True):
                if reading.startswith("~"):
                    words.append(reading)
                else:
                    words.append(reading[:-1].replace("ve", "ue").replace("v", "u!"))
                    tones.append(reading[-1])
    return f"{' '.join(words)}  {''.join(tones)}".strip()[:KEY_LENGTH]


def unread(letters):
    return " ".join(f"~{ord(letter):06x}" for letter in letters)


def fill(apps, schema_editor):
    for name in ("Book", "DigitalResource"):
        model = apps.get_model("reading", name)
        statement = f"UPDATE {model._meta.db_table} SET sort_key = %s WHERE id = %s"
        last = 0
        while rows := list(model.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "title")[:CHUNK]):
            with schema_editor.connection.cursor() as cursor:
                cursor.executemany(statement, [(sort_key(title), pk) for pk, title in rows])
            last = rows[-1][0]


class Migration(migrations.Migration):
    dependencies = [("reading", "0004_book_grams")]

    operations = [
        migrations.AlterModelOptions(
            name="book",
            options={"ordering": ["sort_key", "id"], "verbose_name": "图书", "verbose_name_plural": "图书"},
        ),
        migrations.AlterModelOptions(
            name="digitalresource",
            options={"ordering": ["sort_key", "id"], "verbose_name": "数字资源", "verbose_name_plural": "数字资源"},
        ),
        migrations.RemoveIndex(model_name="book", name="book_area"),
        migrations.AddField(
            model_name="book",
            name="sort_key",
            field=shuxiang.ordering.SortKeyField(blank=True, db_default="", default="", editable=False, max_length=240),
        ),
        migrations.AddField(
            model_name="digitalresource",
            name="sort_key",
            field=shuxiang.ordering.SortKeyField(blank=True, db_default="", default="", editable=False, max_length=240),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="book",
            index=models.Index(fields=["sort_key", "id"], name="book_order"),
        ),
        migrations.AddIndex(
            model_name="book",
            index=models.Index(fields=["area", "sort_key", "id"], name="book_area"),
        ),
    ]
