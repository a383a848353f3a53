"""What somebody typed into a form while the session was over: kept until the same page is opened again."""

from collections.abc import Mapping, Sequence

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from organization.models import Cadre

KEY = "kept_forms"
# Of all fields together, in characters; nobody may fill the table of sessions.
LIMIT = 100_000
LEFT_OUT = ("csrfmiddlewaretoken", "action")


def keep(session: SessionBase, path: str, data: Mapping[str, Sequence[str]], cadre: Cadre | None) -> bool:
    """Whether it was small enough to be kept; `cadre` is who typed it, where that is known.

    Each page keeps its own: several may be open when the session ends. Where all are too much, the oldest go.
    """
    fields = {name: list(values) for name, values in data.items() if name not in LEFT_OUT}
    if size_of(fields) > LIMIT:
        return False
    forms = {other: form for other, form in session.get(KEY, {}).items() if other != path}
    forms[path] = {"data": fields, "cadre": cadre.pk if cadre is not None else None}
    while sum(size_of(form["data"]) for form in forms.values()) > LIMIT:
        del forms[next(iter(forms))]
    session[KEY] = forms
    return True


def size_of(fields: Mapping[str, Sequence[str]]) -> int:
    return sum(len(name) + sum(map(len, values)) for name, values in fields.items())


def take(session: SessionBase, path: str, cadre: Cadre) -> QueryDict | None:
    """What was typed on this page, once; of somebody else nothing."""
    forms = dict(session.get(KEY, {}))
    kept = forms.pop(path, None)
    if kept is None:
        return None
    session[KEY] = forms
    if kept["cadre"] not in (None, cadre.pk):
        return None
    data = QueryDict(mutable=True)
    for name, values in kept["data"].items():
        data.setlist(name, values)
    return data
