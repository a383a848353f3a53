"""What the rooms of this package say to each other."""


class Problem(Exception):
    """The file cannot be taken; str() is a Chinese sentence for the person who chose it."""
