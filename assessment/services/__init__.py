from assessment.services.assessing import CannotAssess, assess

__all__ = ["CannotAssess", "assess"]
