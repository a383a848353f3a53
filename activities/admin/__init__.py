from activities.admin import activity, attendance, feedback, media, questionnaires, series

__all__ = ["activity", "attendance", "feedback", "media", "questionnaires", "series"]
