from notices.services.sending import send

__all__ = ["send"]
