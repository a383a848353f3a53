"""Settings come from the environment, stop the start on nonsense, and keep an instance in its folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SHOW = "from django.conf import settings as s; "


def start(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-c", f"{SHOW}{code}"],
        cwd=ROOT,
        env=bare | {"DJANGO_SETTINGS_MODULE": "shuxiang.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_everything_of_an_instance_lies_in_its_folder(tmp_path):
    shown = start(
        "print(s.DATABASES['default']['NAME'], s.MEDIA_ROOT, s.STATIC_ROOT, s.BROKER_DIR, "
        "*s.CELERY_BROKER_TRANSPORT_OPTIONS.values(), sep='\\n')",
        SHUXIANG_DATA=str(tmp_path / "one"),
    )
    paths = [line for line in shown.stdout.splitlines() if line != "True"]
    assert len(paths) == 8
    assert [path for path in paths if not path.startswith(str(tmp_path / "one"))] == []


def test_the_local_key_is_made_once_and_private(tmp_path):
    first, second = (start("print(s.SECRET_KEY)", SHUXIANG_DATA=str(tmp_path)).stdout for _ in range(2))
    assert first == second
    assert len(first.strip()) > 60
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("secret_key*")] == ["secret_key"]


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"SHUXIANG_PRODUCTION": "1"}, "SECRET_KEY"),
        ({"NOTICE_DIGEST_URLS": "json://x/{name}"}, "NOTICE_DIGEST_URLS"),
        ({"NOTICE_DIGEST_HOUR": "24"}, "NOTICE_DIGEST_HOUR"),
        ({"SHUXIANG_PRODUCTION": "1", "SECRET_KEY": "x" * 60, "DEBUG": "1"}, "DEBUG"),
        ({"SHUXIANG_PRODUCTION": "enabled"}, "SHUXIANG_PRODUCTION 只能是 1 或 0"),
        ({"DEBUG": "maybe"}, "DEBUG 只能是 1 或 0"),
    ],
)
def test_nonsense_stops_the_start(environment, message, tmp_path):
    result = start("print(s.DEBUG)", SHUXIANG_DATA=str(tmp_path), **environment)
    assert result.returncode != 0
    assert message in result.stderr


def test_servers_are_chosen_by_environment_alone(tmp_path):
    shown = start(
        "print(s.DATABASES['default']['ENGINE'], s.CACHES['default']['BACKEND'], s.CELERY_BROKER_URL)",
        SHUXIANG_DATA=str(tmp_path),
        DATABASE_URL="postgres://user@db/name",
        REDIS_URL="redis://cache/1",
        CELERY_BROKER_URL="redis://cache/2",
    )
    assert shown.stdout.split() == [
        "django.db.backends.postgresql",
        "django.core.cache.backends.redis.RedisCache",
        "redis://cache/2",
    ]


def test_the_clock_has_its_folder_with_any_broker(tmp_path):
    shown = start(
        "from pathlib import Path; print(Path(s.CELERY_BEAT_SCHEDULE_FILENAME).parent.is_dir())",
        SHUXIANG_DATA=str(tmp_path),
        CELERY_BROKER_URL="redis://cache/2",
    )
    assert shown.stdout.split() == ["True"]


def test_a_page_does_not_wait_for_a_broker_that_is_gone(tmp_path):
    shown = start(
        "import django, time; django.setup(); import shuxiang.celery; from assessment.tasks import send, work; "
        "before = time.monotonic(); send(work); print(time.monotonic() - before)",
        SHUXIANG_DATA=str(tmp_path),
        CELERY_BROKER_URL="redis://127.0.0.1:1/0",
    )
    assert float(shown.stdout) < 3
