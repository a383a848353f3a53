"""Objects of oneself, of the same department, of another one and of another agency, and who may open them."""

from datetime import date

from django.core.files.base import ContentFile
from django.db.models import Model

from activities.models import Activity, Attendance
from assessment.models import Entry, Period, PersonResult
from organization.models import Cadre
from organization.roles import Role
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory
from shuxiang.tests.rows import make_results
from submissions.kinds import Kind
from submissions.models import Attachment
from submissions.tests.factories import SubmissionFactory

OFFICE, SYSTEM, SECURITY, AUDIT = ({role} for role in (Role.OFFICE, Role.SYSTEM, Role.SECURITY, Role.AUDIT))
LIBRARIAN = {Role.LIBRARIAN}
DESK = OFFICE | LIBRARIAN | SYSTEM | SECURITY | AUDIT


# Pages of one object: (whose object, role: status of GET for the own one, one of the same department, of another
# department of the agency, of another agency).
AGENCY, DEPARTMENT, OWN = (200, 200, 200, 404), (200, 200, 404, 404), (200, 404, 404, 404)
WORKS = dict.fromkeys(Role, OWN) | {Role.OFFICE: AGENCY, Role.LEADER: AGENCY, Role.LIAISON: DEPARTMENT}
AWAY, FORBIDDEN = (302,) * 4, (403,) * 4
OBJECTS = {
    "work": ("submissions.submission", WORKS),
    "media": ("submissions.attachment", WORKS),
    "media_status": ("submissions.attachment", WORKS),
    "media_original": ("submissions.attachment", dict.fromkeys(Role, OWN) | {Role.OFFICE: AGENCY}),
    # Handed in: its author is led to its page.
    "work_edit": ("submissions.submission", dict.fromkeys(Role, (302, 404, 404, 404))),
    "work_withdraw": ("submissions.submission", dict.fromkeys(Role, OWN)),
    "work_members": ("submissions.submission", dict.fromkeys(Role, OWN) | {Role.LIAISON: DEPARTMENT}),
    "work_confirm": ("submissions.submission", dict.fromkeys(Role, (404,) * 4)),
    "work_compare": ("submissions.submission", dict.fromkeys(Role, (404,) * 4)),
    "work_discard": ("submissions.submission", dict.fromkeys(Role, (404,) * 4)),
    "admin:submissions_submission_review": (
        "submissions.submission",
        {role: FORBIDDEN if role in DESK else AWAY for role in Role} | {Role.OFFICE: AGENCY},
    ),
}


def rows_of(person: Cadre, department, number: int) -> dict[str, Model]:
    """One row of each of these models that is about the person."""
    activity = Activity.objects.create(reference=f"HD{number}", title="读书日", date=date(2024, 3, 1))
    period = Period.objects.create(code=f"{2000 + number}Q1")
    make_results(period, person, department)
    work = SubmissionFactory(people=[person], kind=Kind.RECITATION)
    attachment = Attachment(version=work.versions.get(), role=Attachment.Role.COVER, original_name="原件", size=1)
    attachment.state = Attachment.State.READY
    attachment.file.save("x", ContentFile(b"x"), save=False)
    attachment.rendition.save("y", ContentFile(b"y"))
    return {
        "organization.cadre": person,
        "submissions.submission": work,
        "submissions.attachment": attachment,
        "activities.attendance": Attendance.objects.create(activity=activity, cadre=person),
        "assessment.personresult": PersonResult.objects.get(period=period),
        "assessment.entry": Entry.objects.get(period=period),
    }


def own_same_other_foreign(role: Role) -> tuple[Cadre, list[dict[str, Model]]]:
    """Somebody with the role, and rows about this person, two others of the agency and one of another agency."""
    county = County()
    viewer = CadreFactory(roles=[role], department=county.office)
    other = DepartmentFactory(parent=county.ours)
    about = [(viewer, county.office), (county.colleague, county.office), (CadreFactory(department=other), other),
             (county.stranger, county.foreign_office)]  # fmt: skip
    return viewer, [rows_of(person, department, number) for number, (person, department) in enumerate(about)]
