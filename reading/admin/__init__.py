from reading.admin import catalogue

__all__ = ["catalogue"]
