from activities.admin import activity, questionnaires

__all__ = ["activity", "questionnaires"]
