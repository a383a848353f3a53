import pytest

from shuxiang.typography import named_in, quoted, shorten, unquoted


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("爱莲说", "爱莲说"),
        ("循吏列传札记", "循吏列传札记"),
        ("循吏列传札记二", "循吏列传札…"),
        ("Walden", "Walden"),
        ("Walden, or Life in the Woods", "Walden, or…"),
        ("一 二三四五六七", "一 二三四…"),
        ("", ""),
        ("  前后空白  ", "前后空白"),
        ("\u202e倒着\u202c读\x00\x07", "倒着读"),
        ("e\u0301" * 12, "e\u0301" * 12),
        ("e\u0301" * 13, "e\u0301" * 10 + "…"),
        ("𠮷𠮷𠮷𠮷𠮷𠮷𠮷", "𠮷𠮷𠮷𠮷𠮷…"),
    ],
)
def test_six_squares(text, cut):
    assert shorten(text, 6) == cut


@pytest.mark.parametrize(
    ("title", "marked", "bare"),
    [
        ("论语", "《论语》", "论语"),
        ("《论语》", "《论语》", "论语"),
        ("《史记》与《汉书》", "《史记》与《汉书》", "《史记》与《汉书》"),
        ("读《论语》", "《读《论语》》", "读《论语》"),
        ("《》", "《》", "《》"),
    ],
)
def test_a_title_gets_its_marks_once(title, marked, bare):
    assert (quoted(title), unquoted(title)) == (marked, bare)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("中华人民共和国审计法", "审计法"),
        ("《中华人民共和国公共图书馆法》", "公共图书馆法"),
        ("中华人民共和国审计法实施条例释义", "审计法实施条例…"),
        ("中华人民共和国史", "中华人民共和国史"),
        ("固定资产投资审计案例", "固定资产投资审…"),
        ("万历十五年", "万历十五年"),
    ],
)
def test_a_law_without_room_is_named_by_what_tells_it_apart(title, told):
    assert named_in(title, 8) == told
