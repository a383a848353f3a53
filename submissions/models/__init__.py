from submissions.models.attachment import Attachment, LooseFile
from submissions.models.decision import Decision, Publication
from submissions.models.submission import Contributor, Submission
from submissions.models.version import Version

__all__ = ["Attachment", "Contributor", "Decision", "LooseFile", "Publication", "Submission", "Version"]
