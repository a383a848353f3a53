"""A pytest plugin (see pytest.ini): the environment of the tests and the fixtures that all floors share."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

DATA_DIR = tempfile.mkdtemp(prefix="shuxiang-test-")
(Path(DATA_DIR) / "static").mkdir()  # WhiteNoise warns where there is none
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
os.environ["SHUXIANG_DATA"] = DATA_DIR
os.environ["SHUXIANG_STATIC_MANIFEST"] = "off"
os.environ.pop("SHUXIANG_PRODUCTION", None)

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture(autouse=True)
def fast_and_apart(settings, tmp_path):
    """Cheap password hashes, and media of its own for every test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def samples() -> Path:
    return SAMPLES


@pytest.fixture
def seeds(transactional_db):
    """Transactional tests wipe what the migrations seeded: seed again."""
    from django.contrib.auth.models import Group

    from assessment.models import Quota, Rule, Scheme
    from assessment.seeds import seed_default_scheme
    from organization.seeds import seed_roles

    seed_roles(Group)
    seed_default_scheme(Scheme, Quota, Rule)
