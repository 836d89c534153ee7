from django.db import migrations, models

from members.overlap import RefuseOverlap


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0004_roles'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalmembership',
            name='is_carried_over',
            field=models.BooleanField(default=False, editable=False, help_text='From the old register, where the fee was paid: there is no invoice here.', verbose_name='carried over'),
        ),
        migrations.AddField(
            model_name='historicaluser',
            name='imported_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='taken over from the old register'),
        ),
        migrations.AddField(
            model_name='membership',
            name='is_carried_over',
            field=models.BooleanField(default=False, editable=False, help_text='From the old register, where the fee was paid: there is no invoice here.', verbose_name='carried over'),
        ),
        migrations.AddField(
            model_name='user',
            name='imported_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='taken over from the old register'),
        ),
        migrations.AlterField(
            model_name='consent',
            name='channel',
            field=models.CharField(choices=[('application', 'the form to become a member'), ('my pages', 'My pages'), ('link in a mail', 'the link in a mail'), ('invitation', 'the answer to an invitation'), ('import', 'taken over from the old register')], help_text='The form, the import or the link in a mail.', max_length=60, verbose_name='how'),
        ),
        RefuseOverlap(),
    ]
