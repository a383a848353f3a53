from reading.admin import circulation

__all__ = ["circulation"]
