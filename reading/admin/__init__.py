from reading.admin import acquisition

__all__ = ["acquisition"]
