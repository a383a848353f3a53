from submissions.admin import works

__all__ = ["works"]
