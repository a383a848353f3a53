from activities.admin import activity, series

__all__ = ["activity", "series"]
