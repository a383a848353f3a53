from activities.admin import activity

__all__ = ["activity"]
