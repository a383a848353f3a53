from activities.admin import activity, attendance, calls, feedback, media, questionnaires, series

__all__ = ["activity", "attendance", "calls", "feedback", "media", "questionnaires", "series"]
