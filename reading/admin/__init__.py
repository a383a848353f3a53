from reading.admin import catalogue, circulation, places, stocktakes

__all__ = ["catalogue", "circulation", "places", "stocktakes"]
