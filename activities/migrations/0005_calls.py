import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0004_seeds'),
        ('organization', '0008_reading_decisions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CommitmentWarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(max_length=12, verbose_name='期次')),
                ('at', models.DateTimeField(verbose_name='时间')),
            ],
            options={
                'verbose_name': '承诺提醒',
                'verbose_name_plural': '承诺提醒',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ThemeEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('from_state', models.CharField(blank=True, max_length=12, verbose_name='原状态')),
                ('to_state', models.CharField(max_length=12, verbose_name='新状态')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='说明')),
            ],
            options={
                'verbose_name': '主题阅读记录',
                'verbose_name_plural': '主题阅读记录',
                'ordering': ['at', 'id'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='call',
            name='reminded_until',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='commitment',
            name='changed_at',
            field=models.DateTimeField(auto_now=True, db_index=True, verbose_name='最近修改'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='created_at',
            field=models.DateTimeField(auto_now_add=True, default=django.utils.timezone.now, verbose_name='建立时间'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='theme',
            name='department',
            field=models.ForeignKey(blank=True, help_text='留空表示由根单位主办。', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department', verbose_name='主办科室'),
        ),
        migrations.AlterField(
            model_name='callevent',
            name='action',
            field=models.CharField(choices=[('draft', '起草'), ('edit', '修改'), ('open', '发布'), ('extend', '延期'), ('close', '结束征集'), ('reopen', '继续征集'), ('cancel', '撤销')], max_length=10, verbose_name='事项'),
        ),
        migrations.AlterField(
            model_name='commitment',
            name='tag',
            field=models.CharField(blank=True, choices=[('for_office', '机关'), ('for_branch', '支部'), ('for_union', '工会')], max_length=10, verbose_name='标签'),
        ),
        migrations.AlterConstraint(
            model_name='commitment',
            name='commitment_counts_something',
            constraint=models.CheckConstraint(condition=models.Q(('category', ''), ('tag', ''), _negated=True), name='commitment_counts_something', violation_error_message='请选择类型或标签，至少一项，才知道数哪些活动。'),
        ),
        migrations.AddField(
            model_name='commitmentwarning',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department', verbose_name='单位'),
        ),
        migrations.AddField(
            model_name='commitmentwarning',
            name='commitment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='warnings', to='activities.commitment', verbose_name='活动承诺'),
        ),
        migrations.AddField(
            model_name='themeevent',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='办理人'),
        ),
        migrations.AddField(
            model_name='themeevent',
            name='theme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='activities.theme', verbose_name='主题'),
        ),
        migrations.AddConstraint(
            model_name='commitmentwarning',
            constraint=models.UniqueConstraint(fields=('commitment', 'agency', 'part'), name='commitment_warned_once_a_part'),
        ),
    ]
