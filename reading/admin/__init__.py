from reading.admin import plans

__all__ = ["plans"]
