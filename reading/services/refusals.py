"""What the reading room refuses; str() is a Chinese sentence that says what to do."""


class LendingRefused(Exception):
    """A rule of the reading room is against it."""


class StaleLoan(LendingRefused):
    """Somebody else was first: the loan or hold is no longer as it was seen."""
