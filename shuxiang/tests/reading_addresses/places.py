from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from organization.models import Cadre
from organization.roles import Role
from reading.models import Picture, Place, Project
from reading.tests.factories import PlaceFactory
from shuxiang.tests.area_pages import LIBRARIANS, AreaPage, for_librarians, stored
from shuxiang.uploads import random_name


def a_picture(viewer: Cadre) -> dict[str, Any]:
    picture = Picture(original_name="照片", size=1, width=40, height=40, uploaded_by=viewer, created_at=timezone.now())
    picture.place = PlaceFactory()
    picture.file.save(random_name(None, ""), ContentFile(b"x"))
    return {"picture_id": picture.pk}


def a_space(viewer: Cadre) -> dict[str, Any]:
    return {"space_id": PlaceFactory().pk}


def a_project(viewer: Cadre) -> dict[str, Any]:
    return {"project_id": Project.objects.create(title="三楼阅览室改造").pk}


PAGES: dict[str, AreaPage] = {
    "picture": AreaPage(arguments=a_picture, stored=stored(Picture, "picture_id")),
    "spaces": AreaPage(),
    "space": AreaPage(arguments=a_space, stored=stored(Place, "space_id")),
    "space_new": AreaPage(readers=LIBRARIANS),
    "space_edit": for_librarians(a_space, stored(Place, "space_id")),
    "space_move": for_librarians(a_space, stored(Place, "space_id")),
    "space_photograph": for_librarians(a_space, stored(Place, "space_id")),
    "photograph_remove": for_librarians(a_picture, stored(Picture, "picture_id")),
    "projects": AreaPage(),
    "project": AreaPage(arguments=a_project, stored=stored(Project, "project_id")),
    "project_new": AreaPage(readers=LIBRARIANS),
    "project_edit": for_librarians(a_project, stored(Project, "project_id")),
    "project_photograph": for_librarians(a_project, stored(Project, "project_id")),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    "reading.place": (set(LIBRARIANS), set(LIBRARIANS)),
    "reading.project": (set(LIBRARIANS), set(LIBRARIANS)),
}
