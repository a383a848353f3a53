from activities.admin import activity, attendance, feedback, media, questionnaires

__all__ = ["activity", "attendance", "feedback", "media", "questionnaires"]
