from reading.models.acquisition import Donation, DonationEvent, DonationItem, Suggestion, SuggestionEvent, Vote
from reading.models.catalogue import Book, Copy, CopyEvent, Picture, SubjectArea
from reading.models.circulation import ClosedDay, Hold, LendingPolicy, Loan, LoanQuarter
from reading.models.digital import DigitalResource
from reading.models.places import BudgetLine, Furniture, Place, Project
from reading.models.plans import Lead, Plan, PlanEvent, PlanItem, PlanNote
from reading.models.stocktake import Difference, Scan, Stocktake, StocktakeEvent

__all__ = [
    "Book",
    "BudgetLine",
    "ClosedDay",
    "Copy",
    "CopyEvent",
    "Difference",
    "DigitalResource",
    "Donation",
    "DonationEvent",
    "DonationItem",
    "Furniture",
    "Hold",
    "Lead",
    "LendingPolicy",
    "Loan",
    "LoanQuarter",
    "Picture",
    "Place",
    "Plan",
    "PlanEvent",
    "PlanItem",
    "PlanNote",
    "Project",
    "Scan",
    "Stocktake",
    "StocktakeEvent",
    "SubjectArea",
    "Suggestion",
    "SuggestionEvent",
    "Vote",
]
