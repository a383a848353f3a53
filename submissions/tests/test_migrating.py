"""Older data in the present tables: nothing is lost on the way."""

from shuxiang.tests.scripts import lines_of, same_server


def migrated(script: str) -> list[str]:
    return lines_of(f"submissions.tests.{script}", *same_server(), seconds=300)


def test_of_several_files_of_one_role_the_newest_stays_and_none_is_lost_or_handed_in_by_it():
    """Older files of what was handed in become earlier versions, those of what is being written drafts beside it."""
    assert migrated("migrating") == [
        "赤壁赋 approved 秦越 3",
        "1 已报 0 正文1 一.mp3",
        "2 已报 0 正文1 二.mp3、稿.docx",
        "3 已报 1 正文1 三.mp3、新稿.docx",
        "4 已报 0 正文2 后.mp3",
        "前出师表 returned 秦越 None",
        "1 已报 0 正文1 旧.mp3",
        "2 已报 0 正文1 报.mp3",
        "3 在写 0 正文2 改二.mp3",
        "桃花源记 draft 秦越 None",
        "1 在写 0 正文1 三.mp3、新稿.docx",
        "前出师表（先前的文件） draft 秦越 None",
        "1 在写 0 （无） 改一.mp3",
        "桃花源记（先前的文件） draft 秦越 None",
        "1 在写 0 （无） 二.mp3、稿.docx",
        "桃花源记（先前的文件） draft 秦越 None",
        "1 在写 0 （无） 一.mp3",
    ]


def test_loose_files_are_known_to_the_floor_below_and_to_their_own_again_on_the_way_back():
    """Also those of which a row is there already."""
    assert migrated("migrating_loose") == ["1200 True"] * 3
