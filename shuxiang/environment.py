"""How the settings read the environment: nonsense stops the start, in words for the operator."""

import os
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def flag(name: str, *, default: bool) -> bool:
    """A switch; anything but a clear yes or no stops the start."""
    text = env.str(name, default="yes" if default else "no").strip().lower()
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("0", "false", "no", "off", ""):
        return False
    raise ImproperlyConfigured(f"环境变量 {name} 只能是 1 或 0，现在是“{text}”。")


def count(name: str, *, default: int, least: int, most: int = 10**18) -> int:
    """A whole number; anything else stops the start."""
    text = env.str(name, default=str(default)).strip()
    if not text.isascii() or not text.isdecimal() or not least <= int(text) <= most:
        upper = f"、不大于 {most} " if most < 10**18 else ""
        raise ImproperlyConfigured(f"环境变量 {name} 要填不小于 {least} {upper}的整数，现在是“{text}”。")
    return int(text)


def kept_secret(path: Path) -> str:
    """The key of a local instance: made once, kept at `path`, readable by its owner only."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)  # fails where another process was first
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
