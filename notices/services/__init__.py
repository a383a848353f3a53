from notices.services.sending import Letter, send, send_letters

__all__ = ["Letter", "send", "send_letters"]
