"""What the lives of things that people decide on have in common."""


class Stale(Exception):
    """Somebody else decided in between; str() is a Chinese sentence."""

    def __init__(self, what: str) -> None:
        super().__init__(f"这条{what}刚被别人办理过，请看现在的情况再办。")


class IllegalStep(Exception):
    """The state does not allow the action; str() is a Chinese sentence."""

    def __init__(self, what: str, state: str, action: str) -> None:
        super().__init__(f"这条{what}现在是“{state}”，不能{action}。")


class FieldRefused(ValueError):
    """What was typed into one `field` of the form is refused."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field
