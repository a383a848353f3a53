from assessment.models.ledger import Entry, Seal
from assessment.models.period import Period
from assessment.models.results import DepartmentResult, PartyGroupResult, PersonResult
from assessment.models.scheme import Quota, Rule, Scheme

__all__ = [
    "DepartmentResult",
    "Entry",
    "PartyGroupResult",
    "Period",
    "PersonResult",
    "Quota",
    "Rule",
    "Scheme",
    "Seal",
]
