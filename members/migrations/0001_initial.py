import billing.giro
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsentMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consent_number', models.BigIntegerField(help_text='None for the first link.', null=True, unique=True, verbose_name='number of the consent')),
                ('content', models.CharField(blank=True, max_length=64, verbose_name='fingerprint of the consent')),
                ('before', models.CharField(blank=True, max_length=64, unique=True, verbose_name='mark before it')),
                ('mark', models.CharField(max_length=64, unique=True, verbose_name='mark')),
                ('cleared_at', models.DateTimeField(blank=True, null=True, verbose_name='consent removed after its period')),
            ],
            options={
                'verbose_name': 'mark of a consent',
                'verbose_name_plural': 'marks of consents',
            },
        ),
        migrations.CreateModel(
            name='FreeYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64, unique=True, verbose_name='fingerprint')),
                ('given_on', models.DateField(verbose_name='given')),
            ],
            options={
                'verbose_name': 'free year given',
                'verbose_name_plural': 'free years given',
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                ('employer', models.CharField(blank=True, max_length=120, verbose_name='employer')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='title')),
                ('language', models.CharField(choices=[('sv', 'Swedish'), ('en', 'English')], default='sv', max_length=2, verbose_name='language')),
                ('is_staff', models.BooleanField(default=False, verbose_name='staff')),
                ('is_active', models.BooleanField(default=True, verbose_name='can log in')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('details_confirmed_on', models.DateField(blank=True, null=True, verbose_name='details confirmed')),
                ('imported_on', models.DateField(blank=True, editable=False, null=True, verbose_name='taken over from the old register')),
                ('email_bounced_at', models.DateTimeField(blank=True, null=True, verbose_name='e-mail bounced at')),
                ('erased_at', models.DateTimeField(blank=True, null=True, verbose_name='erased at')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
            },
        ),
        migrations.CreateModel(
            name='BillingDetails',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('payer', models.CharField(choices=[('private', 'I pay myself'), ('employer', 'My employer pays')], default='private', max_length=8, verbose_name='who pays')),
                ('name', models.CharField(max_length=200, verbose_name='name on the invoice')),
                ('organisation_number', billing.giro.OrganisationNumberField(blank=True, max_length=14, verbose_name='organisation number')),
                ('street', models.CharField(blank=True, max_length=120, verbose_name='street or box')),
                ('care_of', models.CharField(blank=True, max_length=120, verbose_name='c/o')),
                ('postcode', models.CharField(blank=True, max_length=10, verbose_name='postcode')),
                ('city', models.CharField(blank=True, max_length=80, verbose_name='town')),
                ('country', models.CharField(default='SE', max_length=2, verbose_name='country')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail for invoices')),
                ('reference', models.CharField(blank=True, max_length=100, verbose_name='your reference')),
                ('order_number', models.CharField(blank=True, max_length=50, verbose_name='purchase order number')),
                ('cost_centre', models.CharField(blank=True, max_length=50, verbose_name='cost centre')),
                ('peppol_id', models.CharField(blank=True, max_length=60, verbose_name='Peppol id')),
                ('is_collective', models.BooleanField(default=False, help_text='When years are renewed, the fees of colleagues with the same payer, whose years end within a month, are put on one invoice. It names each of them.', verbose_name='one invoice for colleagues')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='billing_details', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'billing details',
                'verbose_name_plural': 'billing details',
            },
        ),
        migrations.CreateModel(
            name='ConsentText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('news', 'news and offers by e-mail'), ('directory', 'name in the member directory'), ('participants', 'name on participant lists')], max_length=15, verbose_name='purpose')),
                ('version', models.CharField(max_length=20, verbose_name='version')),
                ('language', models.CharField(choices=[('sv', 'Swedish'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('body', models.TextField(verbose_name='text')),
                ('sha256', models.CharField(editable=False, max_length=64, verbose_name='SHA-256 of the text')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='no longer asked from')),
            ],
            options={
                'verbose_name': 'consent text',
                'verbose_name_plural': 'consent texts',
                'constraints': [models.UniqueConstraint(fields=('purpose', 'version', 'language'), name='consent_text_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(choices=[('given', 'given'), ('withdrawn', 'withdrawn'), ('imported', 'taken over, not relied upon')], max_length=10, verbose_name='what')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('channel', models.CharField(choices=[('application', 'the form to become a member'), ('my pages', 'My pages'), ('link in a mail', 'the link in a mail'), ('invitation', 'the answer to an invitation'), ('import', 'taken over from the old register'), ('erasure', 'the erasure of the person')], help_text='The form, the import or the link in a mail.', max_length=60, verbose_name='how')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='members.consenttext', verbose_name='text')),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
            },
        ),
        migrations.CreateModel(
            name='DistinctPeople',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decided_at', models.DateTimeField(auto_now_add=True, verbose_name='decided at')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='other person')),
            ],
            options={
                'verbose_name': 'pair of different people',
                'verbose_name_plural': 'pairs of different people',
            },
        ),
        migrations.CreateModel(
            name='FeeExemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, help_text='Empty: until further notice.', null=True, verbose_name='until and including')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fee_exemptions', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'exemption from the fee',
                'verbose_name_plural': 'exemptions from the fee',
            },
        ),
        migrations.CreateModel(
            name='HistoricalBillingDetails',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('payer', models.CharField(choices=[('private', 'I pay myself'), ('employer', 'My employer pays')], default='private', max_length=8, verbose_name='who pays')),
                ('name', models.CharField(max_length=200, verbose_name='name on the invoice')),
                ('organisation_number', billing.giro.OrganisationNumberField(blank=True, max_length=14, verbose_name='organisation number')),
                ('street', models.CharField(blank=True, max_length=120, verbose_name='street or box')),
                ('care_of', models.CharField(blank=True, max_length=120, verbose_name='c/o')),
                ('postcode', models.CharField(blank=True, max_length=10, verbose_name='postcode')),
                ('city', models.CharField(blank=True, max_length=80, verbose_name='town')),
                ('country', models.CharField(default='SE', max_length=2, verbose_name='country')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail for invoices')),
                ('reference', models.CharField(blank=True, max_length=100, verbose_name='your reference')),
                ('order_number', models.CharField(blank=True, max_length=50, verbose_name='purchase order number')),
                ('cost_centre', models.CharField(blank=True, max_length=50, verbose_name='cost centre')),
                ('peppol_id', models.CharField(blank=True, max_length=60, verbose_name='Peppol id')),
                ('is_collective', models.BooleanField(default=False, help_text='When years are renewed, the fees of colleagues with the same payer, whose years end within a month, are put on one invoice. It names each of them.', verbose_name='one invoice for colleagues')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'historical billing details',
                'verbose_name_plural': 'historical billing details',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalFeeExemption',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, help_text='Empty: until further notice.', null=True, verbose_name='until and including')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'historical exemption from the fee',
                'verbose_name_plural': 'historical exemptions from the fee',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRenewalTerms',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('invoice_before', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(180)], verbose_name='next year is invoiced, days before the end')),
                ('first_notice_before', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(180)], verbose_name='first notice to students, days before the end')),
                ('second_notice_before', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(180)], verbose_name='second notice to students, days before the end')),
                ('unpaid_ends_after', models.PositiveSmallIntegerField(default=45, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(180)], verbose_name='unpaid membership ends, days after the due date')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical terms of renewal',
                'verbose_name_plural': 'historical terms of renewal',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalUser',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('public_id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('email', models.EmailField(db_index=True, max_length=254, verbose_name='e-mail')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                ('employer', models.CharField(blank=True, max_length=120, verbose_name='employer')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='title')),
                ('language', models.CharField(choices=[('sv', 'Swedish'), ('en', 'English')], default='sv', max_length=2, verbose_name='language')),
                ('is_staff', models.BooleanField(default=False, verbose_name='staff')),
                ('is_active', models.BooleanField(default=True, verbose_name='can log in')),
                ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='created at')),
                ('details_confirmed_on', models.DateField(blank=True, null=True, verbose_name='details confirmed')),
                ('imported_on', models.DateField(blank=True, editable=False, null=True, verbose_name='taken over from the old register')),
                ('email_bounced_at', models.DateTimeField(blank=True, null=True, verbose_name='e-mail bounced at')),
                ('erased_at', models.DateTimeField(blank=True, null=True, verbose_name='erased at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical person',
                'verbose_name_plural': 'historical people',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='RenewalTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invoice_before', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(180)], verbose_name='next year is invoiced, days before the end')),
                ('first_notice_before', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(180)], verbose_name='first notice to students, days before the end')),
                ('second_notice_before', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(180)], verbose_name='second notice to students, days before the end')),
                ('unpaid_ends_after', models.PositiveSmallIntegerField(default=45, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(180)], verbose_name='unpaid membership ends, days after the due date')),
            ],
            options={
                'verbose_name': 'terms of renewal',
                'verbose_name_plural': 'terms of renewal',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='renewal_terms_are_one_row'), models.CheckConstraint(condition=models.Q(('second_notice_before__lt', models.F('first_notice_before'))), name='second_notice_after_first', violation_error_message='The second notice comes after the first.')],
            },
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_once_whatever_case'),
        ),
        migrations.AddConstraint(
            model_name='billingdetails',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('payer', 'employer'), _negated=True), models.Q(('organisation_number', ''), _negated=True), _connector='OR'), name='employer_has_number'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['user', '-at'], name='consent_last_word'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('channel', ''), _negated=True), name='consent_says_how'),
        ),
        migrations.AddConstraint(
            model_name='distinctpeople',
            constraint=models.UniqueConstraint(fields=('one', 'other'), name='distinct_people_once'),
        ),
        migrations.AddConstraint(
            model_name='distinctpeople',
            constraint=models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='older_account_first'),
        ),
        migrations.AddConstraint(
            model_name='feeexemption',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='exemption_has_a_day', violation_error_message='The last day comes before the first.'),
        ),
    ]
