"""Forms whose text outlives the session or the password: it waits for the same page to be opened again.

Never the answers to a questionnaire and the words for the box, which must stand nowhere beside a person.
"""

KEPT_FORMS = "/({})/".format(
    "|".join(
        (
            r"works/(new/\w+|\d+/(edit|withdraw|confirm|members|step))",
            r"admin/submissions/submission/review/\d+",
            r"(digital|plans|suggestions|books|spaces|spaces/projects|themes|calls)/(new|\d+/edit)",
            r"donations/(new|\d+/step)",
            r"plans/\d+/(notes|step|complete|confirm|revoke)",
            r"suggestions/\d+/(decide|buy)",
            r"books/(\d+/)?copies",
            r"spaces/(\d+/(move|photograph)|projects/\d+/photograph)",
            r"stocktakes/\d+/differences/\d+",
            r"loans/\d+/end",
            r"renewal/planner",
            r"leads/\d+/\d+-\d+",
            r"activities/\d+/(minutes|materials|photographs/arrange)",
            r"(themes|calls)/\d+/materials",
            r"calls/\d+/state",
            r"activities/\d+/attendance(/\d+|/guests)?",
            r"series/(new|\d+/edit)",
            r"activities/(new|\d+/(edit|cancel))",
            r"activities/\d+/registrations/(add|\d+/remove)",
            r"findings/(new|\d+/(assign|reply|progress|decide))",
            r"meetings/\d+/review",
            r"feedback/[0-9a-f-]{36}/(reply|ask)",
            r"questionnaires/(new|\d+/(edit|step|questions/(new|\d+)))",
        )
    )
)
