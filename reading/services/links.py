"""Addresses of the web that librarians note, and whether they still answer."""

import http.client
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from shuxiang.links import SCHEMES

# Seconds until a single answer, and until all of a check with its redirects, must have come.
PATIENCE, WHOLE_PATIENCE = 10.0, 25.0
REDIRECTS = 5
AGENT = "Mozilla/5.0 (compatible; shuxiang link check)"
# The site is there; it only wants to know who asks, or asks less often.
GUARDED = {401: "要登录", 403: "不让门户的服务器访问", 407: "要经过代理登录", 429: "访问过于频繁"}
# What a proxy answers in the place of a site that it does not reach.
BEYOND = {502, 503, 504}
GONE = {404: "网页不存在", 410: "网页已撤下"}


@dataclass(frozen=True)
class Answer:
    """`reached` tells whether anything at the other end spoke: where it is False, the network may be to blame."""

    is_alive: bool
    reached: bool
    message: str = ""


class Redirects(urllib.request.HTTPRedirectHandler):
    """Leads on within the web only, and not for ever."""

    max_redirections = REDIRECTS
    max_repeats = 2

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if urlsplit(newurl).scheme.lower() not in SCHEMES:
            raise http.client.HTTPException("redirect to another kind of address")
        found = super().redirect_request(req, fp, code, msg, headers, newurl)
        if found is not None:
            found.method = req.get_method()
        return found


class Line:
    """The connections of one check, which can be cut from outside: a site may send a byte now and then for ever."""

    def __init__(self) -> None:
        self.connections: list[http.client.HTTPConnection] = []
        self.is_cut = False

    def connect(self, kind: type[http.client.HTTPConnection], host: str, **options: Any) -> http.client.HTTPConnection:
        if self.is_cut:
            raise TimeoutError
        made = kind(host, **options)
        self.connections.append(made)
        return made

    def cut(self) -> None:
        self.is_cut = True
        for each in self.connections:
            if each.sock is not None:
                with suppress(OSError):
                    each.sock.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


class Plain(urllib.request.HTTPHandler):
    def __init__(self, line: Line) -> None:
        super().__init__()
        self.line = line

    def http_open(self, req: Any) -> Any:
        return self.do_open(partial(self.line.connect, http.client.HTTPConnection), req)


class Secure(urllib.request.HTTPSHandler):
    def __init__(self, line: Line, context: ssl.SSLContext) -> None:
        super().__init__()
        self.line, self.context = line, context

    def https_open(self, req: Any) -> Any:
        kind = partial(self.line.connect, http.client.HTTPSConnection)
        return self.do_open(kind, req, context=self.context)


def ask(link: str, patience: float = PATIENCE, whole: float = WHOLE_PATIENCE) -> Answer:
    """Whether the address answers. Nothing of what it would show is read; no cookie is kept or sent."""
    line = Line()
    with line.within(whole):
        answer = told(line, link, "HEAD", patience)
        if not answer.is_alive and answer.reached and not line.is_cut:
            # Some sites know no HEAD.
            answer = told(line, link, "GET", patience)
    return answer


def told(line: Line, link: str, method: str, patience: float) -> Answer:
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        Plain(line),
        Secure(line, ssl.create_default_context()),
        Redirects(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    request = urllib.request.Request(link.partition("#")[0], method=method, headers={"User-Agent": AGENT})
    try:
        with opener.open(request, timeout=patience):
            # What was cut may look like an answer that just ended.
            return by_failure(TimeoutError(), line) if line.is_cut else Answer(True, True)
    except urllib.error.HTTPError as error:
        error.close()
        return by_status(error.code)
    except urllib.error.URLError as error:
        return by_failure(error.reason, line)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return by_failure(error, line)


def by_status(status: int) -> Answer:
    if status in GUARDED:
        return Answer(True, True, f"网站在，但{GUARDED[status]}（{status}）")
    if status in GONE:
        return Answer(False, True, f"{GONE[status]}（{status}）")
    if 300 <= status < 400:
        return Answer(False, True, f"网址转来转去，打不开（{status}）")
    fault = "网站出错" if status >= 500 else "网站不接受这个网址"
    return Answer(False, status not in BEYOND, f"{fault}（{status}）")


def by_failure(error: object, line: Line) -> Answer:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Answer(True, True, "网站在，但证书不受信任，浏览器会提示风险")
    if line.is_cut or isinstance(error, TimeoutError):
        return Answer(False, False, "等了很久没有答复")
    if isinstance(error, socket.gaierror):
        return Answer(False, False, "找不到这个网站，可能已停办或名称有误")
    if isinstance(error, ConnectionRefusedError):
        return Answer(False, False, "网站没有开门，拒绝连接")
    if isinstance(error, ssl.SSLError):
        return Answer(False, True, "加密连接建立不起来")
    if isinstance(error, http.client.RemoteDisconnected | ConnectionResetError):
        return Answer(False, True, "连上以后被对方中断")
    if isinstance(error, http.client.HTTPException | ValueError):
        return Answer(False, True, "答复的不是网页")
    return Answer(False, False, "连不上网站")
