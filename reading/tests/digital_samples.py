"""Small files of the kinds that a digital resource may be."""

import io
import zipfile

from shuxiang.tests.fixtures import SAMPLES

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def epub() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", "<container/>", zipfile.ZIP_DEFLATED)
    return made.getvalue()


EPUB = epub()


def mp3() -> bytes:
    return (SAMPLES / "hostile" / "audio" / "ok_cbr.mp3").read_bytes()
