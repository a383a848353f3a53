from assessment.services.assess import CannotAssess, assess

__all__ = ["CannotAssess", "assess"]
