"""Works from the form to the workbook, in Chromium on `make demo`: recorded, typed without scripts, done together."""

import re

import pytest
from PIL import Image
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from organization.roles import Role
from shuxiang.tests import voices
from shuxiang.tests.fixtures import SAMPLES
from shuxiang.tests.person import DESKTOP, PHONE, REVIEW, Person
from shuxiang.tests.recording import MICROPHONE, record

pytestmark = pytest.mark.browser
WIDTHS = pytest.mark.parametrize("width", [DESKTOP, PHONE])
TEXT = "山不在高，有仙则名。水不在深，有龙则灵。斯是陋室，惟吾德馨。"


def submit(author: Person) -> str:
    """Hands in what the form holds; gives the work's address."""
    assert author.fits()
    author.click("button.btn-primary[value='submit']")
    author.wait.until(lambda driver: re.search(r"/works/\d+/$", driver.current_url), "handed in")
    assert author.fits()
    return author.driver.current_url.removeprefix(author.office.url)


def id_of(address: str) -> str:
    return address.split("/")[2]


def judge(clerk: Person, address: str, *keys: str, reason: str = "") -> None:
    """Decides by keyboard."""
    clerk.open(f"{REVIEW}{id_of(address)}/")
    assert clerk.fits()
    clerk.press(*keys)
    if reason:
        clerk.press("c")
        clerk.press(reason)
    before = clerk.driver.current_url
    clerk.press(Keys.ENTER, ctrl=True)
    clerk.wait.until(lambda driver: driver.current_url != before, "decided")


def rules_of(book, title: str) -> list[str]:
    """The rules under which the workbook's ledger lists a work."""
    rows = [" ".join(str(cell or "") for cell in row) for row in book["积分明细"].iter_rows(values_only=True)]
    return [row for row in rows if title in row]


@WIDTHS
def test_a_recitation_from_the_microphone_to_the_workbook(chromium_with, tmp_path, office, width):
    voice = voices.write(tmp_path / "voice.wav", voices.speech)
    chromium = chromium_with(*MICROPHONE, f"--use-file-for-fake-audio-capture={voice}")
    author = Person(chromium, office, width)
    author.sign_in(Role.CADRE)
    title = f"陋室铭（{width}）"
    author.open("/works/new/recitation/")
    for name, text in (("title", title), ("author", "唐 刘禹锡"), ("source", "《全唐文》"), ("script", TEXT)):
        author.type(name, text)
    author.click("[name='show_in_showcase']")
    record(chromium, 6)
    listen = chromium.find_element(By.CSS_SELECTOR, ".take audio")
    chromium.execute_script("arguments[0].muted = true; arguments[0].play()", listen)
    author.wait.until(lambda driver: float(listen.get_property("currentTime")) > 0.5, "listened")
    address = submit(author)  # the only take goes with it
    author.wait.until(lambda driver: driver.find_elements(By.CSS_SELECTOR, "main .player"), "ready")
    assert title in author.text()

    clerk = Person(chromium, office, width)
    clerk.sign_in(Role.OFFICE)
    judge(clerk, address, "1", "q")
    period = clerk.assess()
    rules = rules_of(clerk.workbook(f"/appraisal/{period}/workbook/"), title)
    assert len(rules) == 2
    assert "recitation.base" in rules[0]
    assert "recitation.excellent" in rules[1]

    author.sign_in(Role.CADRE)
    author.open("/me/")
    assert author.fits()
    assert title in author.driver.page_source
    author.open(address)
    assert "优秀" in author.text()
    author.open("/works/?q=loushiming")
    assert title in author.text()


@pytest.fixture
def plain(chromium_with):
    """Without scripts."""
    return chromium_with("--blink-settings=scriptEnabled=false")


def image(path):
    Image.new("RGB", (600, 800), "#3B6B5B").save(path)
    return str(path)


@WIDTHS
def test_each_kind_without_scripts(plain, tmp_path, office, width):
    author = Person(plain, office, width)
    author.sign_in(Role.CADRE)
    recording = str(SAMPLES.parents[1] / "demo" / "recordings" / "jing-ye-si.mp3")
    forms = {
        "recitation": {"title": "静夜思", "author": "李白", "source": "《全唐诗》", "script": TEXT, "audio": recording},
        "essay": {"title": "读《资治通鉴》", "book_title": "资治通鉴", "body": TEXT * 30},
        "recommendation": {
            "book_title": "乡土中国", "author": "费孝通", "publisher": "人民出版社", "isbn": "9787010074788",
            "reason": TEXT * 4, "summary": TEXT * 4, "cover": image(tmp_path / "cover.jpg"),
        },
        "creation": {"title": "陋室（书法）", "body": "", "picture": image(tmp_path / "picture.png")},
        "idea": {"title": "把审计案例做成读书卡", "body": TEXT * 5},
    }  # fmt: skip
    addresses = {}
    for kind, fields in forms.items():
        author.open(f"/works/new/{kind}/")
        for name, text in fields.items():
            if name in ("audio", "cover", "picture"):
                author.find(f"[name='{name}']").send_keys(text)
            elif text:
                author.type(name, f"{text}{width}" if name in ("title", "book_title") else text)
        addresses[kind] = submit(author)
    clerk = Person(plain, office, width)
    clerk.sign_in(Role.OFFICE)
    for kind, address in addresses.items():
        clerk.open(f"{REVIEW}{id_of(address)}/")
        assert clerk.fits()
        clerk.click("input[name='action'][value='approve']")
        clerk.click("input[name='grade'][value='excellent']")
        clerk.click("#decide button[type='submit']")
        clerk.open(address)
        assert "通过" in clerk.text(), kind


@WIDTHS
def test_together_returned_and_for_a_colleague(chromium, office, width):
    recording = str(SAMPLES.parents[1] / "demo" / "recordings" / "jing-ye-si.mp3")
    numbers = {role: number for role, (number, _) in office.passwords.items()}
    author = Person(chromium, office, width)
    author.sign_in(Role.CADRE)

    # together: the colleague is told, and confirms
    title = f"春望（{width}）"
    author.open("/works/new/recitation/")
    for name, text in (("title", title), ("author", "杜甫"), ("source", "《全唐诗》"), ("script", TEXT)):
        author.type(name, text)
    author.find("[name='audio']").send_keys(recording)
    author.wait.until(lambda driver: driver.find_elements(By.CSS_SELECTOR, ".uploaded audio, .uploaded .processing"))
    author.find("#id_members_others").send_keys(numbers[Role.LEADER])
    together = submit(author)
    assert "待确认" in author.text()
    member = Person(chromium, office, width)
    member.sign_in(Role.LEADER)
    member.open("/notices/")
    assert member.fits()
    assert title in member.text()
    member.open(f"{together}confirm/")
    assert member.fits()
    member.click("button[value='confirm']")
    member.wait.until(lambda driver: "confirm" not in driver.current_url or "已确认" in member.text())
    member.open(together)
    assert "已确认" in member.text()
    assert "待确认" not in member.text()

    # returned, mended, the second version beside the first
    author.sign_in(Role.CADRE)
    author.open("/works/new/essay/")
    author.type("title", f"读《史记》（{width}）")
    author.type("body", TEXT * 20)
    essay = submit(author)
    clerk = Person(chromium, office, width)
    clerk.sign_in(Role.OFFICE)
    judge(clerk, essay, "2", reason="请写明读的是哪几篇。")
    judge(clerk, together, "1", "q")
    author.sign_in(Role.CADRE)
    author.open("/me/")
    assert author.fits()
    assert f"读《史记》（{width}）" in author.text()
    author.open(f"{essay}edit/")
    assert "请写明读的是哪几篇。" in author.text()
    author.type("body", TEXT * 20 + "读的是《货殖列传》。")
    submit(author)
    author.open(f"{essay}compare/")
    assert author.fits()
    assert any("读的是《货殖列传》" in each.text for each in chromium.find_elements(By.TAG_NAME, "ins"))
    clerk.sign_in(Role.OFFICE)
    judge(clerk, essay, "1", "w")
    author.sign_in(Role.CADRE)
    author.open(essay)
    assert "退回修改" in author.text()
    assert "良好" in author.text()

    # a liaison for somebody of the own department
    liaison = Person(chromium, office, width)
    liaison.sign_in(Role.LIAISON)
    liaison.open("/works/new/essay/")
    colleague = liaison.find("[name='main_author'] option:nth-child(2)")
    name = colleague.text.partition("（")[0]
    colleague.click()
    liaison.type("title", f"代报心得（{width}）")
    liaison.type("body", TEXT * 20)
    submit(liaison)
    assert name in liaison.text()
    assert "代" in liaison.text()
