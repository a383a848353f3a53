"""The measurements: the same facts as the yardstick's, in a database that is gone afterwards."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Sum

from assessment.models import DepartmentResult, Entry, PersonResult
from assessment.services import assess
from shuxiang.benchmarks.assessment import NOW
from shuxiang.benchmarks.compare import figures, timings
from shuxiang.benchmarks.county import QUARTER, fill, invented, write
from shuxiang.benchmarks.scratch import with_database
from shuxiang.tests.registers import refusal


def environment(folder):
    return {**os.environ, "TMPDIR": str(folder), "SHUXIANG_DATA": str(folder / "data")}


def is_gone(process, folder) -> bool:
    """Whether nothing is left of what the process made to measure in: no folder and no database."""
    if list(folder.glob("shuxiang-benchmark-*")):
        return False
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname LIKE %s", [f"shuxiang_benchmark_{process.pid}_%"])
        return cursor.fetchone() is None


def started(folder, *words):
    return subprocess.Popen(
        [sys.executable, "manage.py", "benchmark", *words],
        cwd=settings.BASE_DIR, env=environment(folder), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.django_db
def test_the_portal_and_the_yardstick_find_the_same(tmp_path):
    write(invented(300))
    assess(period=QUARTER, now=NOW)
    command = [sys.executable, "-m", "shuxiang.benchmarks.yardstick", "--cadres", "300"]
    found = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True).stdout
    told = figures(found)
    assert Entry.objects.count() == int(told["entries"])
    assert Entry.objects.aggregate(sum=Sum("points"))["sum"] * 100 == int(told["points"])
    assert PersonResult.objects.count() == int(told["results"])
    # An empty office has a row in the yardstick only.
    assert DepartmentResult.objects.count() <= int(told["departments"])


@pytest.mark.django_db(transaction=True)
def test_the_last_line_tells_seconds_queries_and_memory_and_nothing_is_left(tmp_path):
    process = started(tmp_path, "assess", "--cadres", "40")
    printed = process.communicate()[0].splitlines()
    assert re.fullmatch(r"seconds=\d+\.\d\d queries=\d+ rss_mb=\d+", printed[-1])
    assert is_gone(process, tmp_path)


@pytest.mark.django_db(transaction=True)
def test_pages_a_second_of_both_pages_and_their_ratio(tmp_path):
    process = started(tmp_path, "pages", "--works", "30", "--rounds", "1", "--seconds", "0.4")
    title, header, first, middle = process.communicate()[0].splitlines()
    assert title.startswith("30 件作品")
    assert header.split("\t")[:4] == ["轮", "最小页", "/works/", "比值"]
    assert first.split("\t")[1:] == middle.split("\t")[1:]
    plain, showcase, ratio = map(float, middle.split("\t")[1:4])
    assert abs(showcase / plain - ratio) < 0.02
    assert is_gone(process, tmp_path)


@pytest.mark.django_db(transaction=True)
def test_searches_find_what_a_scan_finds_and_are_set_beside_it(tmp_path):
    process = started(tmp_path, "reading", "--titles", "300", "--samples", "4", "--rounds", "1", "--seconds", "0.4")
    title, _, header, *lines = process.communicate()[0].splitlines()
    lines, pages = lines[:7], lines[8:]
    assert [line.split("\t")[0] for line in pages] == ["最小页", "/books/", "查找", "一本书"]
    plain = float(pages[0].split("\t")[1])
    for page in pages:
        _, rate, share = page.split("\t")
        assert abs(float(rate) / plain - float(share)) < 0.02
    assert process.returncode == 0
    assert "300 种图书；建立索引" in title
    assert header.split("\t")[:4] == ["查询", "次数", "查全率", "查准率"]
    assert [line.split("\t")[0] for line in lines] == ["两字词", "单字", "全拼", "首字母", "ISBN", "混合", "常见词"]
    for line in lines:
        _, queries, recall, precision, *times, half, _ = line.split("\t")
        assert (int(queries) > 0, recall, precision) == (True, "1.000", "1.000")
        ours, scan = float(times[0]), float(times[2])
        assert abs(ours / scan - float(half)) < 0.05 * float(half) + 0.02
    assert is_gone(process, tmp_path)


def test_a_catalogue_of_nothing_is_refused():
    for option in ("--titles", "--samples", "--rounds"):
        assert "至少为 1" in refusal("benchmark", "reading", option, "0")


def test_pages_of_nothing_are_refused():
    assert "至少为 1" in refusal("benchmark", "pages", "--works", "0")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.django_db(transaction=True)
def test_stopped_on_the_way_it_leaves_nothing(sent, tmp_path):
    # A suite in the background of a shell has Ctrl-C ignored, and what it starts would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = started(tmp_path, "assess", "--cadres", "20000")
    signal.signal(signal.SIGINT, before)
    while not list(tmp_path.glob("shuxiang-benchmark-*/secret_key")):
        time.sleep(0.05)
    process.send_signal(sent)
    process.communicate(timeout=30)
    assert process.returncode != 0
    assert is_gone(process, tmp_path)


@pytest.mark.django_db
def test_a_database_that_holds_something_is_not_filled():
    with pytest.raises(SystemExit, match="没有写入"):
        fill(40)
    assert PersonResult.objects.count() == 0


def test_fewer_than_two_people_are_refused():
    assert "至少为 2" in refusal("benchmark", "assess", "--cadres", "1")


def test_a_scratch_database_is_reached_with_the_same_account():
    assert (
        with_database("psql://me:pw@db:5433/real?sslmode=require", "x")
        == "postgresql://me:pw@db:5433/x?sslmode=require"
    )


def test_a_line_of_the_table():
    assert figures("yardstick=1.93 entries=5") == {"yardstick": "1.93", "entries": "5"}
    assert timings(2, 5) == "2.00\t5.00\t2.50"
