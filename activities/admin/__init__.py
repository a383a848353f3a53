from activities.admin import activity, media, questionnaires

__all__ = ["activity", "media", "questionnaires"]
