from django.db import models


class LooseFile(models.Model):
    """A stored file for which no row vouches yet, or none any more; the sweeper removes it, and then this row.

    Written before the file is, and before the row that needs the file is removed: whoever dies in between leaves
    nothing that nobody knows of.
    """

    name = models.CharField("文件", max_length=100, unique=True)
    since = models.DateTimeField("自", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "待清理文件"

    def __str__(self) -> str:
        return self.name
