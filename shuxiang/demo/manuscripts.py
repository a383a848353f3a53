"""Works that were handed in through the portal, with their content and what has happened to them since.

Days are told as days before the demo's first start; actions and kinds are the words that people see.
"""

from dataclasses import dataclass
from datetime import time
from pathlib import Path

from shuxiang.demo.covers import Cover
from shuxiang.demo.works import CREATION, ESSAY, IDEA, RECITATION, RECOMMENDATION

HERE = Path(__file__).resolve().parent
CLERK, COLLEAGUE = "YZ005", "YZ010"


@dataclass(frozen=True)
class Step:
    """What somebody did with the work; the author's 上报 brings the next version."""

    action: str
    actor: str
    ago: int
    at: time
    reason: str = ""
    grade: str = ""


@dataclass(frozen=True)
class Manuscript:
    """The first of `authors` hands in; `texts` name one file per version, `unconfirmed` are asked still."""

    number: int
    kind: str
    title: str
    authors: tuple[str, ...]
    ago: int
    at: time
    texts: tuple[str, ...]
    book: str = ""
    author: str = ""
    source: str = ""
    recording: str = ""
    cover: Cover | None = None
    unconfirmed: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def reference(self) -> str:
        return f"网报-{self.number:03}"

    @property
    def handed_in(self) -> Step:
        return Step("上报", self.authors[0], self.ago, self.at)

    def text(self, version: int) -> str:
        return (HERE / "texts" / f"{self.texts[version - 1]}.txt").read_text(encoding="utf-8").strip()

    def recorded(self) -> bytes:
        return (HERE / "recordings" / self.recording).read_bytes()


def approved(actor: str, ago: int, at: time, grade: str = "") -> Step:
    return Step("通过", actor, ago, at, grade=grade)


WAITING = (
    Manuscript(
        1, ESSAY, "听懂一村人的话——读《乡土中国》", ("YZ018",), 7, time(16, 42), ("rural-china",), book="乡土中国"
    ),
    Manuscript(
        2, RECITATION, "集体诵读《爱莲说》", ("YZ012", "YZ011", "YZ014", "YZ015"), 6, time(10, 5), ("ai-lian-shuo",),
        author="周敦颐", source="《周元公集》（节选）", recording="ai-lian-shuo.mp3",
        unconfirmed=("YZ011", "YZ015"),
    ),
    Manuscript(
        3, ESSAY, "簿书讼狱就是书——读《传习录》", ("YZ029",), 6, time(17, 30), ("practice-1", "practice-2"),
        book="传习录",
        steps=(
            Step(
                "退回修改", COLLEAGUE, 4, time(9, 20),
                reason="前三段是书的介绍，换一个人的名字也成立。请写一件自己经手的事：遇到了什么，书里哪一句帮上了忙。",
            ),
            Step("上报", "YZ029", 1, time(20, 48)),
        ),
    ),
    Manuscript(
        4, RECOMMENDATION, "荐读《古文观止》", ("YZ017",), 5, time(11, 16), ("guwen",),
        book="古文观止", author="吴楚材、吴调侯", cover=Cover("bamboo", "#3B6B5B"),
    ),
    Manuscript(
        5, RECITATION, "诵读《陋室铭》", ("YZ014",), 4, time(8, 51), ("lou-shi-ming",),
        author="刘禹锡", source="《全唐文》", recording="lou-shi-ming.mp3",
    ),
    Manuscript(
        6, ESSAY, "借来的书要补好了再还——读《颜氏家训》", (CLERK,), 3, time(17, 55), ("family-instructions",),
        book="颜氏家训",
    ),
    Manuscript(
        7, IDEA, "给每份证据附一张“来源单”的建议——读《梦溪笔谈》的启发", ("YZ021",), 3, time(14, 37), ("source-slip",),
        book="梦溪笔谈",
    ),
    Manuscript(
        8, RECITATION, "诵读《春望》", ("YZ020",), 2, time(21, 3), ("chun-wang",),
        author="杜甫", source="《杜工部集》", recording="chun-wang.mp3",
    ),
    Manuscript(
        9, RECOMMENDATION, "写底稿的人都该读《梦溪笔谈》", ("YZ035",), 2, time(10, 44), ("mengxi",),
        book="梦溪笔谈", author="沈括", cover=Cover("stream", "#2E3A4B"),
    ),
    Manuscript(
        10, ESSAY, "一场吵了两千年的会——读《盐铁论》", ("YZ016",), 1, time(15, 8), ("salt-and-iron",), book="盐铁论"
    ),
    Manuscript(11, CREATION, "渡口（散文）", ("YZ033",), 1, time(9, 39), ("ferry",)),
    Manuscript(
        12, ESSAY, "老老实实的“未至”——读《徐霞客游记》", ("YZ041",), 0, time(8, 26), ("xu-xiake",), book="徐霞客游记"
    ),
    Manuscript(
        13, RECOMMENDATION, "抽屉里的一本《人间词话》", ("YZ038",), 0, time(9, 2), ("renjian",),
        book="人间词话", author="王国维", cover=Cover("moon", "#7A2F38"),
    ),
)  # fmt: skip

RETURNED = (
    Manuscript(
        14, ESSAY, "知止而后有定——读《大学》", ("YZ020",), 5, time(18, 12), ("great-learning",), book="大学",
        steps=(
            Step(
                "退回修改", CLERK, 2, time(15, 26),
                reason="前半篇写得实在。结尾只有一句“有了自己的看法”，请把这个看法写出来，举一个用上了的例子。"
                "首次上报日期不变。",
            ),
        ),
    ),
)  # fmt: skip

APPROVED = (
    Manuscript(
        15, ESSAY, "这是一份整改台账——读《贞观政要》", ("YZ002",), 6, time(19, 40), ("zhenguan",), book="贞观政要",
        steps=(approved(COLLEAGUE, 1, time(10, 12)),),
    ),
    Manuscript(
        16, RECITATION, "诵读《诫子书》", ("YZ004",), 9, time(12, 50), ("jie-zi-shu",),
        author="诸葛亮", source="《诸葛武侯集》（节选）", recording="jie-zi-shu.mp3",
        steps=(approved(CLERK, 4, time(11, 5)),),
    ),
    Manuscript(
        17, ESSAY, "每天关电脑以前的几秒钟——读《论语》", ("YZ024",), 8, time(16, 21), ("analects",), book="论语",
        steps=(approved(CLERK, 3, time(9, 48)),),
    ),
    Manuscript(
        18, RECOMMENDATION, "下乡之前读《齐民要术》", ("YZ032",), 10, time(15, 33), ("qimin",),
        book="齐民要术", author="贾思勰", cover=Cover("furrows", "#7D4A32"), steps=(approved(CLERK, 4, time(11, 9)),),
    ),
    Manuscript(
        19, ESSAY, "循吏何以为循吏——读《史记·循吏列传》", ("YZ039",), 34, time(17, 17), ("good-officials",),
        book="史记", steps=(approved(CLERK, 28, time(10, 31)), Step("评级", CLERK, 20, time(16, 2), grade="优秀")),
    ),
    Manuscript(
        20, RECITATION, "诵读《静夜思》", ("YZ020",), 118, time(20, 15), ("jing-ye-si",),
        author="李白", source="《全唐诗》卷一百六十五", recording="jing-ye-si.mp3",
        steps=(approved(CLERK, 110, time(9, 27), grade="优秀"),),
    ),
    Manuscript(
        21, ESSAY, "过手七十二，方克成器——读《天工开物》", ("YZ043",), 101, time(14, 58), ("tiangong",),
        book="天工开物", steps=(approved(CLERK, 95, time(10, 40), grade="优秀"),),
    ),
    Manuscript(
        22, RECOMMENDATION, "睡前一则《陶庵梦忆》", ("YZ020",), 127, time(21, 36), ("tao-an",),
        book="陶庵梦忆", author="张岱", cover=Cover("snow", "#34527A"),
        steps=(approved(CLERK, 120, time(15, 44), grade="良好"),),
    ),
    Manuscript(
        23, CREATION, "审计路上（组诗）", ("YZ019",), 143, time(22, 8), ("night-road",),
        steps=(approved(CLERK, 136, time(9, 13), grade="优秀"),),
    ),
    Manuscript(
        24, RECITATION, "诵读《石灰吟》", ("YZ001",), 152, time(12, 31), ("shi-hui-yin",),
        author="于谦", source="《于忠肃集》", recording="shi-hui-yin.mp3",
        steps=(approved(CLERK, 147, time(10, 20), grade="良好"),),
    ),
)  # fmt: skip

MANUSCRIPTS = (*WAITING, *RETURNED, *APPROVED)
