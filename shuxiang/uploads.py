"""Names of stored files: random, so that an address tells nothing and nothing collides."""

import uuid
from typing import Any


def random_name(instance: Any, filename: str) -> str:
    """`3f/3f0c…` under MEDIA_ROOT: no extension, nothing of the original name."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"
