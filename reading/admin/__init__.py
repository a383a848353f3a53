from reading.admin import places, stocktakes

__all__ = ["places", "stocktakes"]
