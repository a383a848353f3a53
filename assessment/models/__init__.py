from assessment.models.ledger import Entry, Seal
from assessment.models.period import Period
from assessment.models.results import DepartmentResult, PartyGroupResult, PersonResult
from assessment.models.run import AssessmentRun, ExportRun, Job, JobState
from assessment.models.scheme import Quota, Rule, Scheme

__all__ = [
    "AssessmentRun",
    "DepartmentResult",
    "Entry",
    "ExportRun",
    "Job",
    "JobState",
    "PartyGroupResult",
    "Period",
    "PersonResult",
    "Quota",
    "Rule",
    "Scheme",
    "Seal",
]
