from activities.admin import activity, media

__all__ = ["activity", "media"]
