import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0005_call_rules_guard'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='themebook',
            options={'ordering': ['id'], 'verbose_name': '主题阅读书目', 'verbose_name_plural': '主题阅读书目'},
        ),
        migrations.AlterField(
            model_name='activity',
            name='theme',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='activities.theme', verbose_name='主题阅读'),
        ),
        migrations.AlterField(
            model_name='call',
            name='theme',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='activities.theme', verbose_name='主题阅读'),
        ),
        migrations.AlterField(
            model_name='material',
            name='call',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='materials', to='activities.call', verbose_name='征集令'),
        ),
        migrations.AlterField(
            model_name='material',
            name='theme',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='materials', to='activities.theme', verbose_name='主题阅读'),
        ),
        migrations.AlterField(
            model_name='theme',
            name='title',
            field=models.CharField(max_length=100, verbose_name='名称'),
        ),
        migrations.AlterField(
            model_name='themebook',
            name='theme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='books', to='activities.theme', verbose_name='主题阅读'),
        ),
        migrations.AlterField(
            model_name='themeevent',
            name='theme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='activities.theme', verbose_name='主题阅读'),
        ),
    ]
