"""Indexes in whose order the catalogue's filters are counted. No table is rebuilt."""

import reading.models.catalogue
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reading", "0005_titles_by_pinyin")]

    operations = [
        migrations.RemoveIndex(model_name="copy", name="copy_home_state"),
        migrations.AddIndex(
            model_name="book",
            index=models.Index(
                reading.models.catalogue.ClassLetter("clc"), models.F("sort_key"), models.F("id"), name="book_class"
            ),
        ),
        migrations.AddIndex(
            model_name="copy",
            index=models.Index(fields=["home", "book", "state"], name="copy_home_book"),
        ),
    ]
