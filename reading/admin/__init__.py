from reading.admin import acquisition, catalogue, circulation, digital, places, plans, stocktakes

__all__ = ["acquisition", "catalogue", "circulation", "digital", "places", "plans", "stocktakes"]
