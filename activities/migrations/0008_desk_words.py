import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0007_opened_calls_stay'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='feedback',
            options={'ordering': ['-received_on', 'id'], 'verbose_name': '意见', 'verbose_name_plural': '意见箱'},
        ),
        migrations.AlterField(
            model_name='feedbackevent',
            name='feedback',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='activities.feedback', verbose_name='意见'),
        ),
        migrations.AlterField(
            model_name='finding',
            name='feedback',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='activities.feedback', verbose_name='意见'),
        ),
        migrations.AlterField(
            model_name='series',
            name='day_type',
            field=models.CharField(choices=[('any', '不限'), ('rest', '休息日'), ('work', '工作日')], default='any', max_length=10, verbose_name='只排在'),
        ),
        migrations.AlterField(
            model_name='series',
            name='shift',
            field=models.CharField(choices=[('earlier', '提前'), ('later', '顺延')], default='later', max_length=10, verbose_name='遇到不合适的日子'),
        ),
        migrations.AlterField(
            model_name='series',
            name='since',
            field=models.DateField(verbose_name='开始日期'),
        ),
        migrations.AlterField(
            model_name='series',
            name='until',
            field=models.DateField(blank=True, help_text='留空表示一直举办。', null=True, verbose_name='结束日期'),
        ),
        migrations.AlterField(
            model_name='series',
            name='weekday',
            field=models.PositiveSmallIntegerField(choices=[(1, '星期一'), (2, '星期二'), (3, '星期三'), (4, '星期四'), (5, '星期五'), (6, '星期六'), (7, '星期日')], default=3, verbose_name='星期几'),
        ),
        migrations.AlterField(
            model_name='theme',
            name='since',
            field=models.DateField(verbose_name='开始日期'),
        ),
        migrations.AlterField(
            model_name='theme',
            name='until',
            field=models.DateField(verbose_name='结束日期'),
        ),
    ]
