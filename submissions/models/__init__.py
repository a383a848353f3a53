from submissions.models.decision import Decision, Publication
from submissions.models.submission import Contributor, Submission
from submissions.models.version import Attachment, Version

__all__ = ["Attachment", "Contributor", "Decision", "Publication", "Submission", "Version"]
