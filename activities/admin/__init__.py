from activities.admin import activity, attendance

__all__ = ["activity", "attendance"]
