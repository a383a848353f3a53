from reading.admin import acquisition, catalogue, circulation, places, stocktakes

__all__ = ["acquisition", "catalogue", "circulation", "places", "stocktakes"]
