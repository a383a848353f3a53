from reading.admin import acquisition, catalogue, circulation, digital, places, stocktakes

__all__ = ["acquisition", "catalogue", "circulation", "digital", "places", "stocktakes"]
