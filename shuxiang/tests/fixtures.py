"""A pytest plugin (see pytest.ini): the environment of the tests and the fixtures that all floors share."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
import time_machine

DATA_DIR = tempfile.mkdtemp(prefix="shuxiang-test-")
(Path(DATA_DIR) / "static").mkdir()  # WhiteNoise warns where there is none
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
os.environ["SHUXIANG_DATA"] = DATA_DIR
os.environ["SHUXIANG_STATIC_MANIFEST"] = "off"
os.environ.pop("SHUXIANG_PRODUCTION", None)

# `make soak` asks for everything that takes long; a share of it is in every run.
SOAK = os.environ.get("SOAK") == "1"
POINTS = 200 if SOAK else 50
SAMPLES = Path(__file__).parent / "samples"

QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


def pytest_configure():
    """No property fails by the clock: how long an example takes says only how busy the machine is."""
    from hypothesis import HealthCheck, settings

    settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("portal")


def pytest_collection_modifyitems(items):
    """Skips what cannot run here, by the marks that pytest.ini lists."""
    from django.db import connection

    here = {
        "browser": (os.environ.get("BROWSER_TESTS"), "BROWSER_TESTS=1 drives the pages in Chromium"),
        "linux": (sys.platform == "linux", "reads /proc, which Linux alone has"),
        "postgresql": (connection.vendor == "postgresql", "PostgreSQL only: SQLite lets one writer in at a time"),
    }
    for item in items:
        for mark, (runs, reason) in here.items():
            if item.get_closest_marker(mark) and not runs:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def fast_and_apart(settings, tmp_path):
    """Cheap password hashes, and media of its own for every test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def clock(request):
    """Stands still at the moment that `pytest.mark.at` names, until a test moves it; without the mark it runs."""
    mark = request.node.get_closest_marker("at")
    if mark is None:
        yield None
        return
    with time_machine.travel(*mark.args, tick=False) as traveller:
        yield traveller


@pytest.fixture
def samples() -> Path:
    return SAMPLES


@pytest.fixture
def seeds(transactional_db):
    """Transactional tests wipe what the migrations seeded: seed again."""
    from django.contrib.auth.models import Group
    from django.utils import timezone

    from activities.models import Commitment, Question, Questionnaire, Series
    from activities.question_seeds import seed_questionnaires
    from activities.seeds import seed_programme
    from assessment.models import Quota, Rule, Scheme
    from assessment.seeds import seed_default_scheme
    from organization.seeds import seed_roles
    from reading.models import LendingPolicy, SubjectArea
    from reading.seeds import seed_reading_room
    from submissions.models import ReasonTemplate
    from submissions.seeds import seed_reason_templates

    seed_roles(Group)
    seed_reading_room(SubjectArea, LendingPolicy)
    seed_programme(Series, Commitment, timezone.localdate())
    seed_questionnaires(Questionnaire, Question)
    seed_reason_templates(ReasonTemplate)
    seed_default_scheme(Scheme, Quota, Rule)


@pytest.fixture(autouse=True, scope="session")
def migrated_once():
    """The databases of the tests are copies of one that was migrated (see migrated.py); what Django then migrates is
    nothing."""
    import sqlite3

    from django.db import connection

    from shuxiang.tests.migrated import fill_sqlite, postgresql_template

    creation = type(connection.creation)
    create, open_databases = creation._create_test_db, []

    def copy_sqlite(self, *arguments, **options):
        name = create(self, *arguments, **options)
        # One in memory lives as long as somebody has it open.
        open_databases.append(sqlite3.connect(name, uri=True, check_same_thread=False))
        fill_sqlite(open_databases[-1])
        return name

    def copy_postgresql(self, *arguments, **options):
        self.connection.settings_dict["TEST"]["TEMPLATE"] = postgresql_template(os.environ["DATABASE_URL"])
        return create(self, *arguments, **options)

    creation._create_test_db = copy_sqlite if connection.vendor == "sqlite" else copy_postgresql
    yield
    creation._create_test_db = create
    for each in open_databases:
        each.close()


@pytest.fixture(autouse=True, scope="session")
def guards_step_aside():
    """Emptying a database between transactional tests is nobody's deletion: SQLite's triggers step aside. The index of
    titles, which is no model, is emptied with the titles."""
    from django.db import connection

    from reading.services.grams import TABLE

    operations = type(connection.ops)
    empty = operations.sql_flush

    def sql_flush(self, style, tables, **options):
        return [f"DELETE FROM {TABLE}", *empty(self, style, tables, **options)]

    def sqlite_flush(self, style, tables, **options):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            cursor.execute("SELECT name FROM sqlite_master WHERE name = %s", [TABLE])
            indexes = cursor.fetchall()
        return [
            *(f"DELETE FROM {self.quote_name(name)}" for (name,) in indexes),
            *(f"DROP TRIGGER {self.quote_name(name)}" for name, _ in triggers),
            *empty(self, style, tables, **options),
            *(sql for _, sql in triggers),
        ]

    operations.sql_flush = sqlite_flush if connection.vendor == "sqlite" else sql_flush
    yield
    operations.sql_flush = empty


def open_chromium(*arguments: str):
    """The distribution's Chromium, without a window and without a word to the outside."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for argument in (*QUIET, *arguments):
        options.add_argument(argument)
    return webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))


@pytest.fixture(scope="module")
def chromium():
    driver = open_chromium()
    yield driver
    driver.quit()


@pytest.fixture
def chromium_with():
    """Chromium started with further arguments, for what cannot be changed in a running one."""
    opened = []

    def start(*arguments: str):
        opened.append(open_chromium(*arguments))
        return opened[-1]

    yield start
    for driver in opened:
        driver.quit()


@pytest.fixture(scope="module")
def office():
    """An office that `make demo` serves, over a folder of its own and with nothing of this process's databases."""
    from shuxiang.tests.migrated import sqlite_file
    from shuxiang.tests.office import Office

    folder = Path(tempfile.mkdtemp(prefix="shuxiang-office-"))
    shutil.copy(sqlite_file(), folder / "db.sqlite3")
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CELERY_BROKER_URL")}
    found = Office(folder, kept | {"SHUXIANG_DATA": str(folder), "SHUXIANG_STATIC_MANIFEST": "on"})
    yield found
    found.stop()
