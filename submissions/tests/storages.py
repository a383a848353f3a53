"""Storages that behave as real ones do on a bad day or in another house."""

from collections.abc import Callable

from django.core.files.storage import FileSystemStorage, InMemoryStorage


class Bucket(InMemoryStorage):
    """As in S3: a file has no path."""


class Disturbed(FileSystemStorage):
    """Something happens as soon as a file lies there."""

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self.then = then

    def _save(self, name, content):
        found = super()._save(name, content)
        self.then()
        return found
