"""Titles of works and activities, drawn so that none comes up twice before all have been used."""

from collections.abc import Iterator
from itertools import cycle
from random import Random

from shuxiang.demo.books import BOOKS

ESSAY_ENDINGS = ("——读《{book}》", "——《{book}》读后感", "——读《{book}》有感", "——重读《{book}》")
PLAIN_ESSAYS = ("读《{book}》有感", "《{book}》读后", "《{book}》读书札记", "重读《{book}》", "读《{book}》随想")
RECOMMENDATIONS = (
    "荐读《{book}》",
    "好书推荐：《{book}》",
    "向同事推荐《{book}》",
    "我的枕边书《{book}》",
    "值得慢读的一本书：《{book}》",
    "送给年轻同事的书：《{book}》",
    "常读常新的《{book}》",
)

PIECES = (
    "岳阳楼记",
    "爱莲说",
    "陋室铭",
    "出师表",
    "诫子书",
    "桃花源记",
    "滕王阁序",
    "前赤壁赋",
    "醉翁亭记",
    "秋声赋",
    "劝学",
    "师说",
    "石钟山记",
    "游褒禅山记",
    "谏太宗十思疏",
    "送东阳马生序",
    "归去来兮辞",
    "兰亭集序",
    "正气歌",
    "过零丁洋",
    "石灰吟",
    "竹石",
    "示儿",
    "木兰诗",
    "琵琶行",
    "将进酒",
    "蜀道难",
    "行路难",
    "春江花月夜",
    "茅屋为秋风所破歌",
    "石壕吏",
    "望岳",
    "登高",
    "观刈麦",
    "卖炭翁",
    "念奴娇·赤壁怀古",
    "定风波·莫听穿林打叶声",
    "满江红·怒发冲冠",
    "破阵子·为陈同甫赋壮词以寄之",
    "少年中国说",
    "沁园春·长沙",
    "沁园春·雪",
    "七律·长征",
    "忆秦娥·娄山关",
    "卜算子·咏梅",
    "水调歌头·重上井冈山",
    "清贫",
    "囚歌",
    "我的自白书",
    "就义诗",
    "有的人",
    "我爱这土地",
    "黄河颂",
    "回延安",
    "桂林山水歌",
    "谁是最可爱的人",
    "白杨礼赞",
    "背影",
    "春",
    "济南的冬天",
    "荷塘月色",
    "海燕",
    "乡愁",
    "再别康桥",
    "致橡树",
    "相信未来",
    "祖国啊，我亲爱的祖国",
    "面朝大海，春暖花开",
    "理想",
    "青春万岁",
)

CREATIONS = (
    "父亲的算盘（散文）",
    "驻村日记三则（散文）",
    "老会计（小小说）",
    "一张旧发票（小小说）",
    "审计路上（组诗）",
    "底稿里的春天（诗歌）",
    "致基层审计人（朗诵诗）",
    "七律·读书日有感",
    "七绝·夜读",
    "临江仙·下乡审计途中",
    "楷书《爱莲说》（书法）",
    "隶书《陋室铭》（书法）",
    "行书“实事求是”（书法）",
    "清风竹影（国画）",
    "晨读（摄影）",
    "渠水到田头（摄影）",
    "书吧一角（摄影）",
    "外婆的书箱（散文）",
    "雨中量方（速写）",
    "廉洁书签一组（剪纸）",
    "秋收时节（摄影）",
    "门前那棵老槐树（散文）",
)

IDEAS = (
    "关于建立审计取证来源登记表的建议——读《梦溪笔谈》的启发",
    "用工序清单核对工程造价的做法——由《天工开物》想到的",
    "惠农补贴“一卡通”数据比对办法——读《大数据时代》所得",
    "进点前先列调查提纲——《反对本本主义》用在审计项目上",
    "审计整改台账分级销号的建议——读《矛盾论》有得",
    "村级财务公开“明白账”样式——读《乡土中国》后的一点改进",
    "县直部门往来款清理模板——由《置身事内》谈起",
    "现场踏勘照片与图纸对照归档办法——读《徐霞客游记》的启发",
    "审计组“每日三问”碰头会——由《论语》想到的",
    "青年审计人“以老带新”共读安排——读《传习录》后的建议",
    "大额支出分段核查思路——读《实践论》所得",
    "自然资源审计现场观察表——读《沙乡年鉴》的启发",
    "专项债券项目跟踪清单——读《县乡中国》的启发",
    "审计报告用语“减法”建议——读《古文观止》后的改进",
)

READING_DAY_TOPICS = (
    "新年第一本书",
    "年味里的诗词",
    "春天读诗",
    "与经典同行",
    "劳动者之歌",
    "端午话屈原",
    "红色书信里的初心",
    "夏夜读史",
    "开学季共读《论语》",
    "家国与秋声",
    "家风与廉洁",
    "岁末话读书",
)
SHARING_TOPICS = ("从一本书看一座县城", "史书里的理财之道", "读书与调查研究", "我读我写我用", "文学里的基层")
LECTURE_TOPICS = (
    "唐宋文章中的为官之道",
    "财政与国家治理的历史回望",
    "怎样读懂一部审计史",
    "公文写作与古文修养",
    "大数据时代的阅读与思考",
    "中华优秀传统文化中的廉洁思想",
)


class Titles:
    """Decks of titles shuffled by `random`; each is dealt through before it begins again."""

    def __init__(self, random: Random) -> None:
        books = list(BOOKS)
        essays = [f"{main}{random.choice(ESSAY_ENDINGS)}".format(book=book) for book in books for main in BOOKS[book]]
        essays += [form.format(book=book) for book in books for form in random.sample(PLAIN_ESSAYS, 2)]
        recommendations = [random.choice(RECOMMENDATIONS).format(book=book) for book in books]
        self.decks: dict[str, Iterator[str]] = {
            "读书心得": _dealt(essays, random),
            "诵读作品": _dealt([f"诵读《{piece}》" for piece in PIECES], random),
            "好书推荐": _dealt(recommendations, random),
            "文艺创作": _dealt(list(CREATIONS), random),
            "学以致用": _dealt(list(IDEAS), random),
        }

    def next(self, kind: str) -> str:
        return next(self.decks[kind])


def _dealt(titles: list[str], random: Random) -> Iterator[str]:
    random.shuffle(titles)
    return cycle(titles)
