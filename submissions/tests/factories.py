"""Invented works for tests."""

from datetime import date

import factory

from organization.models import Cadre
from shuxiang.periods import Quarter
from submissions.kinds import Kind
from submissions.models import Contributor, Submission, Version
from submissions.states import State


class SubmissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Submission
        skip_postgeneration_save = True

    reference = factory.Sequence(lambda number: f"ZP{number:05}")
    kind = Kind.ESSAY
    title = factory.Sequence(lambda number: f"读后 {number}")
    state = State.PENDING
    credit_date = date(2024, 2, 1)
    quarter = factory.LazyAttribute(lambda work: str(Quarter.of(work.credit_date)))

    @factory.post_generation
    def content(self, create, extracted, **kwargs):
        Version.objects.create(submission=self, number=1, title=self.title)

    @factory.post_generation
    def people(self, create, extracted, **kwargs):
        for position, cadre in enumerate(extracted or ()):
            name(self, cadre, position)


def name(submission: Submission, cadre: Cadre, position: int, state=Contributor.State.CONFIRMED) -> Contributor:
    return Contributor.objects.create(submission=submission, cadre=cadre, position=position, state=state)
