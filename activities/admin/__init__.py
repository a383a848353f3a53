from activities.admin import activity, feedback

__all__ = ["activity", "feedback"]
