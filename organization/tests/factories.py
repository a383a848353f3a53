"""Invented people and departments for tests."""

from datetime import date

import factory
from django.contrib.auth.models import Group

from organization.models import Cadre, Department, DepartmentKind, Posting
from organization.roles import Role


class DepartmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Department

    name = factory.Sequence(lambda number: f"第{number}科")
    kind = DepartmentKind.OFFICE
    position = factory.Sequence(int)
    parent = None


class CadreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cadre
        skip_postgeneration_save = True

    employee_number = factory.Sequence(lambda number: f"T{number:05}")
    name = factory.Sequence(lambda number: f"某{number}")
    password = "!"

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for role in extracted or (Role.CADRE,):
            self.groups.add(Group.objects.get(name=role))

    @factory.post_generation
    def department(self, create, extracted, **kwargs):
        if extracted is not None:
            Posting.objects.create(cadre=self, department=extracted, since=date(2020, 1, 1))


def bureau() -> Department:
    """The root of a single agency's tree."""
    return Department.objects.filter(parent=None).first() or DepartmentFactory(
        name="测试局", kind=DepartmentKind.AGENCY, parent=None
    )
