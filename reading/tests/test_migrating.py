"""Older data in the present tables."""

from shuxiang.tests.scripts import lines_of, same_server


def test_titles_from_before_are_ordered_by_pinyin_and_the_guards_of_loans_stay():
    assert lines_of("reading.tests.migrating_order", *same_server(), seconds=300) == [
        "1984　重庆　“大学”　第2卷　第10卷　陆地　绿　旅行　乱　论语　《论语》译注　Python 入门",
        "4112 True",
        "12 True",
        "True",
    ]
