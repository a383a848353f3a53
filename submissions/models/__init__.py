from submissions.models.attachment import Attachment
from submissions.models.decision import Decision, Publication
from submissions.models.fingerprint import Fingerprint
from submissions.models.submission import Contributor, Submission
from submissions.models.template import ReasonTemplate
from submissions.models.version import Version

__all__ = [
    "Attachment",
    "Contributor",
    "Decision",
    "Fingerprint",
    "Publication",
    "ReasonTemplate",
    "Submission",
    "Version",
]
