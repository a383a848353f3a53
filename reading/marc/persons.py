"""Who a statement of responsibility names: `（清）曹雪芹, 高鹗著 ; 启功注`."""

import re

from reading.marc.encoding import CJK
from reading.marc.words import closed, trimmed, unbracketed

# Of a statement no more is looked at, as no more names than these fit.
SAID = 1_000
# What the persons did, after a name of at least two characters.
WRITING = (
    "总主编|执行主编|副主编|主编|编著|编写|编撰|编纂|编译|选编|改编|汇编|合编|合著|原著|译著|著作|撰写|撰著|口述"
    "|著|编|撰|辑|作"
)
BESIDE = "校注|译注|点校|校点|校译|选译|今译|集解|插图|插画|绘图|摄影|审校|主审|整理|导读|译|注|校|绘"
DEED = re.compile(rf"(?<=\S\S)\s*(?:[(（\[]?等[)）\]]?)?\s?[(（\[]?(?:(?P<writing>{WRITING})|{BESIDE})[)）\]]?$")
OTHERS = re.compile(r"(?<=\S\S)(?:\s?(?:\.{3}|…{1,2}))?\s?[(（\[]?(?:等|et al\.?)[)）\]]?$")
DOTS = re.compile(r"\s?(?:\.{3}|…{1,2})$")
LEADING = re.compile(r"(?:(?:written|edited|compiled) )?by (?=\S)|(?:主编|编著|作者|著者)[:：]\s?(?=\S)", re.IGNORECASE)
# (美)海明威, [清]曹雪芹: a country or a dynasty.
COUNTRY = re.compile(r"[(（\[〔【][^()（）\[\]〔〕【】]{1,8}[)）\]〕】]\s*(?=\S)")
FOREIGN_NAME = re.compile(r"(?<=\S)\s?[(（][A-Za-z\u00c0-\u024f .,'’-]{1,80}[)）]$")


def persons_of(statement: str) -> list[str]:
    """The names, without what each did; those who wrote, where some only translated or drew."""
    told = [each for part in re.split("[;；]", trimmed(statement[:SAID])) for each in told_in(part)]
    return [name for name, wrote in told if wrote] or [name for name, _ in told]


def told_in(part: str) -> list[tuple[str, bool]]:
    """Names, each with whether that person may have written; what is said of the last is true of those before."""
    found = []
    wrote = True
    for name in reversed(re.split("[,，、]", part)):
        name = name.strip()
        if deed := DEED.search(name):
            wrote = deed["writing"] is not None
            name = name[: deed.start()]
        if name := person(DOTS.sub("", OTHERS.sub("", LEADING.sub("", name, count=1)))):
            found.append((name, wrote))
    return found[::-1]


def person(name: str) -> str:
    """A name without country or dynasty before it and without its foreign form behind it."""
    name = unbracketed(COUNTRY.sub("", closed(name), count=1))
    return FOREIGN_NAME.sub("", name) if CJK.search(name) else name
