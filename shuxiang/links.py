"""Addresses of the web that people note."""

from urllib.parse import urlsplit, urlunsplit

from django.utils.encoding import iri_to_uri

LENGTH = 500
SCHEMES = ("http", "https")


class BadLink(ValueError):
    """str() is a Chinese sentence: what is wrong with the address and what to do."""


def checked_link(text: str) -> str:
    """The address in ASCII, as browsers send it; empty where nothing was typed. Raises BadLink."""
    link = text.strip()
    if not link:
        return ""
    if any(each.isspace() or not each.isprintable() for each in link) or "\\" in link:
        raise BadLink("网址里有空格或看不见的字符，请从浏览器的地址栏重新复制。")
    try:
        parts = urlsplit(link)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError as error:  # UnicodeError is one
        raise BadLink("网址不完整或写法不对，请从浏览器的地址栏重新复制。") from error
    if parts.scheme.lower() not in SCHEMES:
        raise BadLink("网址要以 http:// 或 https:// 开头，请从浏览器的地址栏重新复制。")
    if not host:
        raise BadLink("网址里没有网站的名称，请从浏览器的地址栏重新复制。")
    if "@" in parts.netloc:
        raise BadLink("网址里不能带用户名和密码，请去掉“@”和它前面的部分。")
    name = f"[{host}]" if ":" in host else host
    place = name if port is None else f"{name}:{port}"
    found = iri_to_uri(urlunsplit((parts.scheme.lower(), place, parts.path, parts.query, parts.fragment)))
    if len(found) > LENGTH:
        raise BadLink(f"网址最多 {LENGTH} 个字符，现在有 {len(found)} 个，请换一个短些的网址。")
    return found
