"""Access events that the database itself keeps, locks of log-ins, and what a safe password and session need.

A later migration that rebuilds organization_accessevent on SQLite drops its triggers and must create them again.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

POSTGRESQL = """
CREATE FUNCTION refuse_access_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'access_event_is_kept' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER access_event_is_kept BEFORE UPDATE OR DELETE ON organization_accessevent
FOR EACH ROW EXECUTE FUNCTION refuse_access_event_change();
"""
POSTGRESQL_UNDO = """
DROP TRIGGER access_event_is_kept ON organization_accessevent;
DROP FUNCTION refuse_access_event_change();
"""
SQLITE = """
CREATE TRIGGER access_event_is_kept_{event} BEFORE {event} ON organization_accessevent
BEGIN SELECT RAISE(ABORT, 'access_event_is_kept'); END
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        return
    for event in ("update", "delete"):
        schema_editor.execute(SQLITE.format(event=event))


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_UNDO)
        return
    for event in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER access_event_is_kept_{event}")


class Migration(migrations.Migration):
    dependencies = [("axes", "0010_accessattemptexpiration"), ("organization", "0002_roles_and_no_overlap")]

    operations = [
        migrations.CreateModel(
            name="Lock",
            fields=[],
            options={
                "verbose_name": "登录锁定",
                "verbose_name_plural": "登录锁定",
                "ordering": ["-attempt_time"],
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("axes.accessattempt",),
        ),
        migrations.AddField(
            model_name="cadre",
            name="former_passwords",
            field=models.TextField(blank=True, db_default="", default="", editable=False, verbose_name="用过的密码"),
        ),
        migrations.AddField(
            model_name="cadre",
            name="session_generation",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name="会话代次"),
        ),
        migrations.CreateModel(
            name="AccessEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="时间")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("log_in", "登录"),
                            ("log_in_failed", "登录失败"),
                            ("lock", "锁定"),
                            ("unlock", "解锁"),
                            ("log_out", "退出"),
                            ("password", "修改密码"),
                            ("first_password", "发放密码"),
                            ("account", "账号变动"),
                            ("roles", "角色变动"),
                            ("setting", "设置变动"),
                            ("import", "导入"),
                            ("export", "导出"),
                        ],
                        max_length=20,
                        verbose_name="事项",
                    ),
                ),
                ("actor_label", models.CharField(max_length=100, verbose_name="操作人")),
                ("about", models.CharField(blank=True, max_length=200, verbose_name="对象")),
                ("detail", models.TextField(blank=True, verbose_name="内容")),
                ("address", models.GenericIPAddressField(blank=True, null=True, verbose_name="来源地址")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="操作人账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "访问记录",
                "verbose_name_plural": "访问记录",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
