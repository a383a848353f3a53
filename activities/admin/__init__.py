from activities.admin import activity, attendance, feedback, media, questionnaires, registration, series

__all__ = ["activity", "attendance", "feedback", "media", "questionnaires", "registration", "series"]
