"""党小组 as people count them."""

from organization.models import PartyGroup


def test_numbers_in_names_are_counted():
    names = ["第十二党小组", "第二党小组", "第十党小组", "机关支部", "第一党小组", "第三党小组", "第二十党小组"]
    groups = sorted([PartyGroup(name=name) for name in names], key=lambda group: group.counted)
    assert [group.name for group in groups] == [
        "机关支部", "第一党小组", "第二党小组", "第三党小组", "第十党小组", "第十二党小组", "第二十党小组",
    ]  # fmt: skip
