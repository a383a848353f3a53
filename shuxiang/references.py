"""The numbers by which people name things, in the one form that all that gives them writes."""


def activity_reference(year: int, number: int) -> str:
    """`HD2026-0001`"""
    return f"HD{year}-{number:04}"
