"""A second reader of calendars, strict and on its own: RFC 5545 as far as a feed of activities needs it."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

LINE = 75
CONTENT = re.compile(rb'^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*):(.*)$', re.DOTALL)
CONTROLS = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
TEXTS = {"SUMMARY", "LOCATION", "DESCRIPTION", "PRODID", "UID", "X-WR-CALNAME"}
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS", "LAST-MODIFIED", "LOCATION", "URL"}
DURATION = re.compile(r"^[+-]?P(?:\d+W|(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$")


class NotACalendar(AssertionError):
    """What is wrong, and where."""


def must(condition: object, said: str) -> None:
    if not condition:
        raise NotACalendar(said)


@dataclass
class Component:
    name: str
    properties: dict[str, list[tuple[dict[str, str], str]]] = field(default_factory=dict)
    inside: list["Component"] = field(default_factory=list)

    def one(self, name: str) -> str:
        found = self.properties.get(name, [])
        must(len(found) == 1, f"{self.name}: {name} stands {len(found)} times")
        return found[0][1]

    def text(self, name: str) -> str:
        return unescaped(self.one(name))

    def moment(self, name: str) -> date | datetime:
        value, (parameters, _) = self.one(name), self.properties[name][0]
        if parameters.get("VALUE") == "DATE":
            must(re.fullmatch(r"\d{8}", value), f"{name}: {value} is no date")
            return datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007 - a day
        must(re.fullmatch(r"\d{8}T\d{6}Z", value), f"{name}: {value} is no moment in UTC")
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def unescaped(value: str) -> str:
    plain = re.sub(r"\\[\\;,nN]", "", value)
    must("\\" not in plain, f"a lone backslash in {value[:60]}")
    must(not re.search(r"[;,]", plain), f"a bare separator in {value[:60]}")
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def read(content: bytes) -> Component:
    """The calendar; raises NotACalendar for whatever a strict reader may refuse."""
    must(content.endswith(b"\r\n"), "the last line does not end")
    must(not re.search(rb"\r(?!\n)|(?<!\r)\n", content), "a line end that is none")
    lines = content[:-2].split(b"\r\n")
    for line in lines:
        must(line, "an empty line")
        must(len(line) <= LINE, f"{len(line)} octets in a line")
        line.decode()  # no character is cut in two
    unfolded = re.sub(rb"\r\n[ \t]", b"", content[:-2]).split(b"\r\n")
    stack: list[Component] = []
    done: Component | None = None
    for line in unfolded:
        must(done is None, "something after the end")
        must(not CONTROLS.search(line), f"a control in {line[:60]!r}")
        found = CONTENT.match(line)
        must(found, f"no property: {line[:60]!r}")
        assert found is not None
        name, value = found[1].decode().upper(), found[3].decode()
        if name == "BEGIN":
            stack.append(Component(value))
        elif name == "END":
            must(stack and stack[-1].name == value, f"END:{value} without its beginning")
            ended = stack.pop()
            check(ended)
            if stack:
                stack[-1].inside.append(ended)
            else:
                done = ended
        else:
            must(stack, f"{name} outside")
            pairs = (each.split("=", 1) for each in found[2].decode().split(";")[1:])
            parameters = {key.upper(): part.strip('"') for key, part in pairs}
            stack[-1].properties.setdefault(name, []).append((parameters, value))
    must(done is not None and not stack, "no end")
    assert done is not None
    must(done.name == "VCALENDAR", done.name)
    uids = [each.one("UID") for each in done.inside]
    must(len(uids) == len(set(uids)), "a UID twice")
    return done


def check(component: Component) -> None:
    for name in TEXTS & component.properties.keys():
        component.text(name)
    {"VCALENDAR": check_calendar, "VEVENT": check_event, "VALARM": check_alarm}[component.name](component)


def check_calendar(calendar: Component) -> None:
    must(calendar.one("VERSION") == "2.0", "version")
    must(calendar.text("PRODID"), "no PRODID")
    must(DURATION.match(calendar.one("REFRESH-INTERVAL")), "refresh")
    must(calendar.properties["REFRESH-INTERVAL"][0][0] == {"VALUE": "DURATION"}, "refresh")


def check_event(event: Component) -> None:
    for name in ONCE & event.properties.keys():
        event.one(name)
    must(event.text("UID"), "no UID")
    must(isinstance(event.moment("DTSTAMP"), datetime), "DTSTAMP")
    begins, ends = event.moment("DTSTART"), event.moment("DTEND")
    must(type(begins) is type(ends), "DTSTART and DTEND of two kinds")
    must(ends > begins, f"DTEND {ends} is not after DTSTART {begins}")  # type: ignore[operator]
    must(event.one("SEQUENCE").isdecimal(), "SEQUENCE")
    must(event.one("STATUS") in ("CONFIRMED", "CANCELLED", "TENTATIVE"), "STATUS")
    must(re.match(r"https?://[^\s,;]+$", event.one("URL")), "URL")


def check_alarm(alarm: Component) -> None:
    must(alarm.one("ACTION") == "DISPLAY", "ACTION")
    must(alarm.text("DESCRIPTION") is not None, "DESCRIPTION")
    must(DURATION.match(alarm.one("TRIGGER")), "TRIGGER")
