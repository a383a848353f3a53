from reading.admin import catalogue, circulation

__all__ = ["catalogue", "circulation"]
