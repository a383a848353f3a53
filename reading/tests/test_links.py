"""Addresses of the web: which are taken, and which still answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading.services.links import Answer, ask
from reading.tests.sites import nobody, site, strange
from shuxiang.links import BadLink, checked_link


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("  https://book.example/ ", "https://book.example/"),
        ("HTTP://Book.Example/A?b=1#c", "http://book.example/A?b=1#c"),
        ("http://10.1.2.3:8080/", "http://10.1.2.3:8080/"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("https://书香.example/读书", "https://xn--gmqt4b.example/%E8%AF%BB%E4%B9%A6"),
    ],
)
def test_an_address_is_kept_as_browsers_send_it(typed, stored):
    if "书香" in typed:
        stored = "https://" + "书香.example".encode("idna").decode() + "/%E8%AF%BB%E4%B9%A6"
    assert checked_link(typed) == stored


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("javascript:alert(1)", "http:// 或 https://"),
        ("data:text/html,<script>", "http:// 或 https://"),
        ("//evil.example/x", "http:// 或 https://"),
        ("file:///etc/passwd", "http:// 或 https://"),
        ("ftp://a.example/", "http:// 或 https://"),
        ("book.example", "http:// 或 https://"),
        ("http://[::1", "不完整"),
        ("http://a.example:99999/", "不完整"),
        ("http://a.example:x/", "不完整"),
        ("http://" + "a" * 64 + ".example/", "不完整"),
        ("https://", "网站的名称"),
        ("https:///path", "网站的名称"),
        ("https://user:pass@a.example/", "用户名和密码"),
        ("https://a.example@evil.example/", "用户名和密码"),
        ("https://a.example/a b", "空格"),
        ("https://a.example/\x00", "空格"),
        ("https://a.example/\u202egpj", "空格"),
        ("https://a.example\\@evil.example/", "空格"),
        ("https://a.example/" + "读" * 200, "最多 500"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused_in_chinese(typed, told):
    with pytest.raises(BadLink, match=told.replace("(", r"\(")):
        checked_link(typed)


@given(st.text(max_size=80) | st.text(max_size=60).map("http://{}".format))
def test_anything_else_is_an_address_or_refused(text):
    try:
        found = checked_link(text)
    except BadLink:
        return
    assert found == "" or (found.isascii() and found.startswith(("http://", "https://")))


@pytest.mark.parametrize(
    ("path", "alive", "message"),
    [
        ("/200", True, ""),
        ("/moved", True, ""),
        ("/nohead", True, ""),
        ("/401", True, "要登录"),
        ("/403", True, "不让门户"),
        ("/404", False, "网页不存在（404）"),
        ("/410", False, "网页已撤下（410）"),
        ("/400", False, "不接受"),
        ("/500", False, "网站出错（500）"),
        ("/loop", False, "转来转去"),
        ("/long", False, "转来转去"),
        ("/far", False, "转来转去"),
    ],
)
def test_what_a_site_answers(path, alive, message):
    with site() as (address, seen):
        answer = ask(address + path + "#part")
    assert (answer.is_alive, answer.reached) == (alive, True)
    assert message in answer.message
    assert len(seen) <= 14
    assert {cookie for *_, cookie in seen} == {None}
    assert "/etc/passwd" not in {path for _, path, _ in seen}


def test_a_proxy_that_reaches_nobody_tells_nothing_of_the_site():
    with site() as (address, _):
        answer = ask(address + "/502")
    assert answer == Answer(False, False, "网站出错（502）")


@pytest.mark.parametrize(
    ("kind", "reached", "message"),
    [("other", True, "不是网页"), ("reset", True, "中断"), ("silent", False, "等了很久"), ("drip", False, "等了很久")],
)
def test_sites_that_speak_otherwise(kind, reached, message):
    """Who waited for the end of `silent` or `drip` would be told something else."""
    with strange(kind) as address:
        answer = ask(address, patience=1, whole=2)
    assert (answer.is_alive, answer.reached) == (False, reached)
    assert message in answer.message


def test_where_nobody_listens():
    assert ask(nobody()) == Answer(False, False, "网站没有开门，拒绝连接")
    assert not ask("http://nothing.invalid/").reached
