"""What somebody typed into a form while the session was over: kept until the same page is opened again."""

from collections.abc import Mapping, Sequence

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from organization.models import Cadre

KEY = "kept_form"
# Of all fields together, in characters; nobody may fill the table of sessions.
LIMIT = 100_000
LEFT_OUT = ("csrfmiddlewaretoken", "action")


def keep(session: SessionBase, path: str, data: Mapping[str, Sequence[str]], cadre: Cadre | None) -> bool:
    """Whether it was small enough to be kept; `cadre` is who typed it, where that is known."""
    kept = {name: list(values) for name, values in data.items() if name not in LEFT_OUT}
    if sum(len(name) + sum(map(len, values)) for name, values in kept.items()) > LIMIT:
        return False
    session[KEY] = {"path": path, "data": kept, "cadre": cadre.pk if cadre is not None else None}
    return True


def take(session: SessionBase, path: str, cadre: Cadre) -> QueryDict | None:
    """What was typed on this page, once; of somebody else nothing."""
    kept = session.get(KEY)
    if kept is None or kept["path"] != path:
        return None
    del session[KEY]
    if kept["cadre"] not in (None, cadre.pk):
        return None
    data = QueryDict(mutable=True)
    for name, values in kept["data"].items():
        data.setlist(name, values)
    return data
