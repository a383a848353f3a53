from activities.admin import activity, feedback, media, questionnaires

__all__ = ["activity", "feedback", "media", "questionnaires"]
