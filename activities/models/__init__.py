from activities.models.activity import Activity, ActivityEvent
from activities.models.attendance import Attendance, AttendanceEvent
from activities.models.call import Call, CallEvent
from activities.models.commitment import Commitment, CommitmentWarning
from activities.models.feedback import Feedback, FeedbackEvent, Finding, FindingEvent
from activities.models.media import Material, Photograph
from activities.models.questionnaire import (
    AnswerSheet,
    Invitation,
    Question,
    Questionnaire,
    QuestionnaireEvent,
)
from activities.models.registration import CalendarAddress, Registration, RegistrationEvent
from activities.models.series import Series, SeriesEvent, Theme, ThemeBook, ThemeEvent
from activities.models.speaker import ActivityBook, Lecturer, Speaker

__all__ = [
    "Activity",
    "ActivityBook",
    "ActivityEvent",
    "AnswerSheet",
    "Attendance",
    "AttendanceEvent",
    "CalendarAddress",
    "Call",
    "CallEvent",
    "Commitment",
    "CommitmentWarning",
    "Feedback",
    "FeedbackEvent",
    "Finding",
    "FindingEvent",
    "Invitation",
    "Lecturer",
    "Material",
    "Photograph",
    "Question",
    "Questionnaire",
    "QuestionnaireEvent",
    "Registration",
    "RegistrationEvent",
    "Series",
    "SeriesEvent",
    "Speaker",
    "Theme",
    "ThemeBook",
    "ThemeEvent",
]
