from collections.abc import Callable, Iterator
from typing import Any

from activities.models import Questionnaire
from activities.states import QuestionnaireState
from activities.tests.asking import a_questionnaire, closed, opened, readers
from organization.models import Cadre
from organization.roles import Role
from shuxiang.tests.area_pages import OFFICE, AreaPage

ID = "questionnaire_id"


def a_draft(viewer: Cadre) -> dict[str, Any]:
    return {ID: a_questionnaire().pk}


def a_question(viewer: Cadre) -> dict[str, Any]:
    made = a_questionnaire()
    return {ID: made.pk, "question_id": made.questions.all()[0].pk}


def one_that_asks_the_viewer(viewer: Cadre) -> dict[str, Any]:
    return {ID: opened([viewer]).pk}


def one_that_is_closed(viewer: Cadre) -> dict[str, Any]:
    return {ID: closed([viewer]).pk}


def one_with_results(viewer: Cadre) -> dict[str, Any]:
    return {ID: closed(readers(5), *[{"年龄段": 0}] * 5).pk}


def in_state(*states: str) -> Callable[[], Iterator[dict[str, Any]]]:
    """A stored one in one of the states."""
    return lambda: ({ID: row.pk} for row in Questionnaire.objects.filter(state__in=states)[:1])


def stored_questions() -> Iterator[dict[str, Any]]:
    for row in Questionnaire.objects.filter(state=QuestionnaireState.DRAFT, questions__isnull=False)[:1]:
        yield {ID: row.pk, "question_id": row.questions.all()[0].pk}


def of_the_office(arguments: Any, stored: Any, method: str = "get", status: int = 200) -> AreaPage:
    return AreaPage(readers=OFFICE, method=method, status=status, arguments=arguments, stored=stored)


DRAFT, ANY = in_state(QuestionnaireState.DRAFT), in_state(*QuestionnaireState.values)

PAGES: dict[str, AreaPage] = {
    "questionnaires": AreaPage(),
    "questionnaire_new": AreaPage(readers=OFFICE),
    "questionnaire": of_the_office(a_draft, ANY),
    "questionnaire_open": of_the_office(a_draft, DRAFT),
    "questionnaire_step": of_the_office(a_draft, DRAFT, "post"),
    "questionnaire_edit": of_the_office(a_draft, DRAFT),
    "questionnaire_preview": of_the_office(a_draft, ANY),
    "question_new": of_the_office(a_draft, DRAFT),
    "question_edit": of_the_office(a_question, stored_questions),
    "question_remove": of_the_office(a_question, stored_questions),
    "question_step": of_the_office(a_question, stored_questions, "post", 302),
    "questionnaire_answer": AreaPage(
        arguments=one_that_asks_the_viewer, stored=in_state(QuestionnaireState.OPEN, QuestionnaireState.DRAFT)
    ),
    "questionnaire_results": AreaPage(arguments=one_that_is_closed, stored=ANY),
    "questionnaire_workbook": of_the_office(one_with_results, ANY),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {"activities.questionnaire": (set(OFFICE), set())}
