"""What somebody typed into a form that came too late, after session or password ended: kept for the same page."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.http import QueryDict

from organization.models import Cadre

KEY = "kept_forms"
# Of all fields together, in characters; nobody may fill the table of sessions.
LIMIT = 100_000
# A form says by a signature for whom it was made: without the session nothing else tells whose text this is, and
# nobody who never signed in may store any.
WRITER = "writer"
SALT = "organization.kept"
STANDS_OPEN = timedelta(days=7)
LEFT_OUT = ("csrfmiddlewaretoken", WRITER)


def sign_writer(cadre: Cadre) -> str:
    """What the form carries in its field WRITER."""
    return signing.dumps(cadre.pk, salt=SALT)


def writer_of(data: Mapping[str, Sequence[str]]) -> int | None:
    """The id of the person for whom the form was made, within a week."""
    try:
        found = signing.loads("".join(data.get(WRITER, ())), salt=SALT, max_age=STANDS_OPEN)
    except signing.BadSignature:
        return None
    return int(found)


def keep(session: SessionBase, path: str, data: Mapping[str, Sequence[str]]) -> bool:
    """Whether it is kept: a form that was made for somebody, and small enough.

    Each page keeps its own: several may be open when the session ends. Where all are too much, the oldest go.
    """
    writer = writer_of(data)
    if writer is None:
        return False
    fields = {name: list(values) for name, values in data.items() if name not in LEFT_OUT}
    if size_of(fields) > LIMIT:
        return False
    forms = {other: form for other, form in session.get(KEY, {}).items() if other != path}
    forms[path] = {"data": fields, "cadre": writer}
    while sum(size_of(form["data"]) for form in forms.values()) > LIMIT:
        del forms[next(iter(forms))]
    session[KEY] = forms
    return True


def size_of(fields: Mapping[str, Sequence[str]]) -> int:
    return sum(len(name) + sum(map(len, values)) for name, values in fields.items())


def take(session: SessionBase, path: str, cadre: Cadre, same: Mapping[str, str] | None = None) -> QueryDict | None:
    """What was typed on this page, once; of somebody else nothing. Where fields of it are not the `same`, it waits on:
    one address may have several forms."""
    forms = dict(session.get(KEY, {}))
    kept = forms.pop(path, None)
    if kept is None or any(kept["data"].get(name) != [value] for name, value in (same or {}).items()):
        return None
    session[KEY] = forms
    if kept["cadre"] != cadre.pk:
        return None
    data = QueryDict(mutable=True)
    for name, values in kept["data"].items():
        data.setlist(name, values)
    return data
