from activities.admin import activity, registration

__all__ = ["activity", "registration"]
