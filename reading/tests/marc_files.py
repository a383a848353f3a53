"""MARC records of tests' own making, byte by byte, so that every form there is can be written."""

from pathlib import Path

from reading.marc.files import Found, read
from reading.marc.reading import read_title
from reading.marc.title import Title

Fields = list[tuple[str, str]]


def iso2709(fields: Fields, encoding: str = "utf-8", leader: str = "nam0 22", lengths: str = "bytes") -> bytes:
    """A field is its tag and text: `$` begins a subfield, what stands before it are the indicators.

    `lengths`: `bytes`, or `characters` as careless converters leave them, or `zero`.
    """
    directory, body, place = b"", b"", 0
    for tag, text in fields:
        content = text.replace("$", "\x1f") + "\x1e"
        stored = content.encode(encoding)
        length = {"bytes": len(stored), "characters": len(content), "zero": 0}[lengths]
        directory += f"{tag}{min(length, 9999):04}{min(place, 99_999):05}".encode()
        place += length
        body += stored
    base = 24 + len(directory) + 1
    head = f"{min(base + len(body) + 1, 99_999):05}{leader}{base:05}   4500".encode()
    assert len(head) == 24
    return head + directory + b"\x1e" + body + b"\x1d"


CALIS: Fields = [
    ("001", "012003000001"),
    ("010", "  $a7-02-000220-X$b精装$dCNY38.00"),
    ("010", "  $a978-7-02-000220-7$dCNY39.50"),
    ("100", "  $a20200101d1998    em y0chiy50      ea"),
    ("101", "0 $achi"),
    ("200", "1 $a呐喊$9na han$e鲁迅小说集$h第一卷$f鲁迅著$g丰子恺绘"),
    ("205", "  $a第2版"),
    ("210", "  $a北京$c人民文学出版社$d1998.5"),
    ("215", "  $a240页$d21cm"),
    ("225", "2 $a鲁迅作品集$v1"),
    ("300", "  $a附注"),
    ("330", "  $a本书收入小说十四篇。"),
    ("606", "0 $a短篇小说$x小说集$y中国$z现代"),
    ("606", "0 $a鲁迅著作"),
    ("690", "  $aI210.6$v5"),
    ("701", " 0$a鲁迅$f1881-1936$4著"),
    ("702", " 0$a丰子恺$4绘"),
    ("801", " 0$aCN$bNLC$c20200101"),
    ("905", "  $aSXJG$bTM0001$bTM0002$c阅览室/A架$dI210.6$e12"),
]

LINKED: Fields = [
    ("001", "1"),
    ("008", "200101s1998    cc                  chi d"),
    ("020", "  $a9787020002207 (精装) :$cCNY39.50"),
    ("020", "  $a7020002200"),
    ("084", "  $aPL2754$2other"),
    ("093", "  $aI210.6$25"),
    ("100", "1 $6880-01$aLu, Xun,$d1881-1936."),
    ("245", "10$6880-02$aNa han :$bLu Xun xiao shuo ji /$cLu Xun zhu."),
    ("250", "  $6880-03$aDi 2 ban."),
    ("264", " 1$6880-04$aBeijing :$bRen min wen xue chu ban she,$c1998."),
    ("264", " 4$c©1998"),
    ("300", "  $a240 pages ;$c21 cm"),
    ("490", "1 $aLu Xun zuo pin ji ;$v1"),
    ("520", "  $a本书收入小说十四篇。"),
    ("650", " 0$aShort stories, Chinese."),
    ("700", "1 $aFeng, Zikai,$eillustrator."),
    ("852", "8 $aSXJG$b阅览室$cA架$hI210.6$i12$pTM0001"),
    ("852", "8 $aSXJG$b阅览室$pTM0002"),
    ("880", "1 $6100-01/$1$a鲁迅,$d1881-1936."),
    ("880", "10$6245-02/$1$a呐喊 :$b鲁迅小说集 /$c鲁迅著."),
    ("880", "  $6250-03/$1$a第2版."),
    ("880", " 1$6264-04/$1$a北京 :$b人民文学出版社,$c1998."),
]


def plain_cnmarc(title: str = "论语", isbn: str = "", extra: Fields | None = None) -> Fields:
    fields = [("010", f"  $a{isbn}")] if isbn else []
    return [*fields, ("200", f"1 $a{title}$f孔子著"), ("690", "  $aB222.2"), *(extra or [])]


def write(folder: Path, *records: bytes, name: str = "书目.iso") -> Path:
    path = folder / name
    path.write_bytes(b"".join(records))
    return path


def title_of(found: Found) -> Title:
    assert found.record is not None, found.fault
    title, faults = read_title(found.record)
    assert faults == []
    return title


def titles(path: Path) -> list[Title]:
    return [title_of(found) for found in read(path)]


def xml_of(records: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    return f'{head}<collection xmlns="http://www.loc.gov/MARC21/slim">{records}</collection>'


def xml_record(title: str = "论语", extra: str = "") -> str:
    field = f'<datafield tag="200" ind1="1" ind2=" "><subfield code="a">{title}</subfield></datafield>'
    return f"<record><leader>     nam0 22        450 </leader>{field}{extra}</record>"
