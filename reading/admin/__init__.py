from reading.admin import digital

__all__ = ["digital"]
