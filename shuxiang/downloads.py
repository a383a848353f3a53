"""Files made for one person, which nothing on the way keeps."""

from typing import Any

from django.http import FileResponse

from shuxiang.workbooks.writing import XLSX


def workbook(content: Any, name: str) -> FileResponse:
    response = FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)
    response["Cache-Control"] = "private, no-store"
    return response
