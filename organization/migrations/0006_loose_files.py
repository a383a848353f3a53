from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organization', '0005_access_decisions'),
    ]

    operations = [
        migrations.CreateModel(
            name='LooseFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='文件')),
                ('since', models.DateTimeField(db_index=True, verbose_name='自')),
            ],
            options={
                'verbose_name': '待清理文件',
                'verbose_name_plural': '待清理文件',
            },
        ),
    ]
