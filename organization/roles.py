"""Roles are Django groups; the group's name is the Chinese word that people see."""

from django.db import models


class Role(models.TextChoices):
    CADRE = "干部"
    LIAISON = "联络员"
    LIBRARIAN = "图书管理员"
    OFFICE = "办公室"
    LEADER = "领导"
    RATER = "评委"
    SYSTEM = "系统管理员"
    SECURITY = "安全管理员"
    AUDIT = "审计管理员"


# The roles that a roster may give; the others are given one by one.
ROSTER_ROLES = (Role.CADRE, Role.LIAISON, Role.LIBRARIAN, Role.OFFICE, Role.LEADER)
# Three separate administrators; none of them reviews or scores.
ADMINISTRATORS = (Role.SYSTEM, Role.SECURITY, Role.AUDIT)
# The volunteers who run the reading room, and the office.
LIBRARIANS = (Role.LIBRARIAN, Role.OFFICE)
# Who may enter the admin at all.
DESK_ROLES = frozenset({Role.OFFICE, Role.LIBRARIAN, *ADMINISTRATORS})
