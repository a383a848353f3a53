"""Passwords: the rule of the 等保 profile and first passwords that can be read from paper."""

import secrets
import string
from typing import Any

from django.core.exceptions import ValidationError

MIN_LENGTH = 10
MIN_CLASSES = 3
# Without characters that look alike on paper.
LOWER = "abcdefghjkmnpqrstuvwxyz"
UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"


class OfficePasswordValidator:
    """At least 10 characters from at least three of: lower case, upper case, digits, others."""

    def validate(self, password: str, user: Any = None) -> None:
        classes = [string.ascii_lowercase, string.ascii_uppercase, string.digits]
        count = sum(any(character in members for character in password) for members in classes)
        count += any(character not in "".join(classes) for character in password)
        number = getattr(user, "employee_number", "")
        if len(number) >= 3 and number.lower() in password.lower():
            raise ValidationError("密码里不要含有工号，请换一个。", code="password_with_number")
        if len(password) < MIN_LENGTH or count < MIN_CLASSES:
            raise ValidationError(self.get_help_text(), code="password_too_weak")

    def get_help_text(self) -> str:
        return f"密码至少 {MIN_LENGTH} 位，并包含小写字母、大写字母、数字、符号中的至少 {MIN_CLASSES} 类。"


def first_password() -> str:
    """A random password of 3 x 4 characters, e.g. `mKw4-7pQe-x9Tz`, that meets the rule above."""
    alphabet = LOWER + UPPER + DIGITS
    while True:
        groups = ["".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(3)]
        password = "-".join(groups)
        if all(any(character in members for character in password) for members in (LOWER, UPPER, DIGITS)):
            return password
