import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('members', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='What, about what, to whom: the same key is written once only.', max_length=200, unique=True, verbose_name='key')),
                ('to', models.EmailField(max_length=254, verbose_name='to')),
                ('cc', models.EmailField(blank=True, max_length=254, verbose_name='copy to')),
                ('language', models.CharField(max_length=5, verbose_name='language')),
                ('subject', models.CharField(max_length=250, verbose_name='subject')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('html', models.TextField(blank=True, verbose_name='HTML')),
                ('attachments', models.JSONField(blank=True, default=list, help_text='Made when the mail leaves: name of the maker and what it is given.', verbose_name='attachments')),
                ('guard', models.JSONField(blank=True, default=list, help_text='Asked when the mail leaves: is it still wanted?', verbose_name='guard')),
                ('unsubscribe_url', models.URLField(blank=True, verbose_name='unsubscribe link')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='written at')),
                ('not_before', models.DateTimeField(verbose_name='not before')),
                ('state', models.CharField(choices=[('queued', 'waiting'), ('sending', 'being sent'), ('sent', 'sent'), ('failed', 'refused'), ('dropped', 'no longer needed')], default='queued', max_length=10, verbose_name='state')),
                ('leased_until', models.DateTimeField(blank=True, null=True, verbose_name='claimed until')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('problem', models.TextField(blank=True, verbose_name='what went wrong')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mails', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'mail',
                'verbose_name_plural': 'mails',
                'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['not_before'], name='mail_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='mail_sent_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('leased_until__isnull', False), ('state', 'sending')), models.Q(models.Q(('state', 'sending'), _negated=True), ('leased_until__isnull', True)), _connector='OR'), name='mail_sending_has_lease')],
            },
        ),
    ]
