from activities.admin import activity, attendance, calls, feedback, media, questionnaires, registration, series

__all__ = ["activity", "attendance", "calls", "feedback", "media", "questionnaires", "registration", "series"]
