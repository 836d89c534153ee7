import billing.giro
import billing.models.invoices
import billing.money
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
import django.utils.timezone
import simple_history.models
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('members', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='LedgerAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('use', models.CharField(choices=[('receivables', 'what customers owe'), ('cards', 'card payments that Stripe has not paid out'), ('bank', 'the bank account'), ('by-hand', 'payments registered by hand'), ('advances', 'what has come in above what was owed'), ('vat-25', 'outgoing VAT, 25 %'), ('vat-12', 'outgoing VAT, 12 %'), ('vat-6', 'outgoing VAT, 6 %'), ('rounding', 'rounding to whole öre'), ('card-fees', "Stripe's fees"), ('losses', 'what is written off')], max_length=20, unique=True, verbose_name='use')),
                ('number', models.CharField(max_length=4, validators=[django.core.validators.RegexValidator('^[1-8][0-9]{3}$', 'Enter an account of four digits.')], verbose_name='account')),
                ('name', models.CharField(max_length=50, verbose_name='name in the books')),
            ],
            options={
                'verbose_name': 'ledger account',
                'verbose_name_plural': 'ledger accounts',
            },
        ),
        migrations.CreateModel(
            name='LedgerUnlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'unlocking of the ledger',
                'verbose_name_plural': 'unlockings of the ledger',
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('name_sv', models.CharField(max_length=200, verbose_name='name')),
                ('name_en', models.CharField(max_length=200, verbose_name='name')),
                ('vat_code', models.CharField(choices=[('S25', 'S25'), ('S12', 'S12'), ('S6', 'S6'), ('Z', 'Z'), ('E', 'E'), ('O', 'O')], max_length=3, verbose_name='VAT')),
                ('exemption_text_sv', models.CharField(blank=True, help_text='Printed on the invoice when no VAT is charged.', max_length=200, verbose_name='reference to the exemption from VAT')),
                ('exemption_text_en', models.CharField(blank=True, help_text='Printed on the invoice when no VAT is charged.', max_length=200, verbose_name='reference to the exemption from VAT')),
                ('account', models.CharField(max_length=4, verbose_name='ledger account')),
                ('recognition', models.CharField(choices=[('accrual', 'when invoiced'), ('cash', 'when paid')], default='accrual', max_length=7, verbose_name='booked')),
            ],
            options={
                'verbose_name': 'product',
                'verbose_name_plural': 'products',
            },
        ),
        migrations.CreateModel(
            name='ReminderStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.SmallIntegerField(unique=True, verbose_name='days after the due date')),
                ('name_sv', models.CharField(max_length=100, verbose_name='heading')),
                ('name_en', models.CharField(max_length=100, verbose_name='heading')),
                ('text_sv', models.TextField(verbose_name='text of the mail')),
                ('text_en', models.TextField(verbose_name='text of the mail')),
            ],
            options={
                'verbose_name': 'reminder step',
                'verbose_name_plural': 'reminder steps',
            },
        ),
        migrations.CreateModel(
            name='StripePayout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('payout_id', models.CharField(max_length=100, unique=True, verbose_name="Stripe's number")),
                ('amount', billing.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('arrived_on', models.DateField(verbose_name='in the bank')),
                ('stored_at', models.DateTimeField(auto_now_add=True, verbose_name='fetched at')),
            ],
            options={
                'verbose_name': 'payout from Stripe',
                'verbose_name_plural': 'payouts from Stripe',
            },
        ),
        migrations.CreateModel(
            name='BankFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True, verbose_name='SHA-256')),
                ('name', models.CharField(max_length=200, verbose_name='file name')),
                ('format', models.CharField(max_length=20, verbose_name='format')),
                ('imported_at', models.DateTimeField(auto_now_add=True, verbose_name='imported at')),
                ('imported_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='imported by')),
            ],
            options={
                'verbose_name': 'bank file',
                'verbose_name_plural': 'bank files',
            },
        ),
        migrations.CreateModel(
            name='BankTransaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=200, unique=True, verbose_name="the bank's number")),
                ('booked_on', models.DateField(verbose_name='booked')),
                ('amount', billing.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('currency', models.CharField(default='SEK', max_length=3, verbose_name='currency')),
                ('references', models.JSONField(blank=True, default=list, verbose_name='references')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('payer_name', models.CharField(blank=True, max_length=200, verbose_name='payer')),
                ('payer_account', models.CharField(blank=True, max_length=50, verbose_name="payer's account")),
                ('problem', models.CharField(blank=True, choices=[('', 'none'), ('unknown', 'No reference that we know.'), ('settled', 'The invoice is already paid or credited.'), ('too_much', 'More than what was left to pay.'), ('several', 'Several invoices, and the sum does not say how to divide it.'), ('currency', 'Not in Swedish kronor.'), ('returned', 'Money that the bank took back.')], default='', max_length=10, verbose_name='why it waits')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='set aside at')),
                ('closed_note', models.CharField(blank=True, max_length=200, verbose_name='what was done')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set aside by')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transactions', to='billing.bankfile', verbose_name='file')),
            ],
            options={
                'verbose_name': 'bank transaction',
                'verbose_name_plural': 'bank transactions',
            },
        ),
        migrations.CreateModel(
            name='BulkAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20, verbose_name='what')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('on', models.DateField(verbose_name='date')),
                ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='asked at')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
            ],
            options={
                'verbose_name': 'action on many invoices',
                'verbose_name_plural': 'actions on many invoices',
            },
        ),
        migrations.CreateModel(
            name='HistoricalLedgerAccount',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('use', models.CharField(choices=[('receivables', 'what customers owe'), ('cards', 'card payments that Stripe has not paid out'), ('bank', 'the bank account'), ('by-hand', 'payments registered by hand'), ('advances', 'what has come in above what was owed'), ('vat-25', 'outgoing VAT, 25 %'), ('vat-12', 'outgoing VAT, 12 %'), ('vat-6', 'outgoing VAT, 6 %'), ('rounding', 'rounding to whole öre'), ('card-fees', "Stripe's fees"), ('losses', 'what is written off')], db_index=True, max_length=20, verbose_name='use')),
                ('number', models.CharField(max_length=4, validators=[django.core.validators.RegexValidator('^[1-8][0-9]{3}$', 'Enter an account of four digits.')], verbose_name='account')),
                ('name', models.CharField(max_length=50, verbose_name='name in the books')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical ledger account',
                'verbose_name_plural': 'historical ledger accounts',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalProduct',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, verbose_name='code')),
                ('name_sv', models.CharField(max_length=200, verbose_name='name')),
                ('name_en', models.CharField(max_length=200, verbose_name='name')),
                ('vat_code', models.CharField(choices=[('S25', 'S25'), ('S12', 'S12'), ('S6', 'S6'), ('Z', 'Z'), ('E', 'E'), ('O', 'O')], max_length=3, verbose_name='VAT')),
                ('exemption_text_sv', models.CharField(blank=True, help_text='Printed on the invoice when no VAT is charged.', max_length=200, verbose_name='reference to the exemption from VAT')),
                ('exemption_text_en', models.CharField(blank=True, help_text='Printed on the invoice when no VAT is charged.', max_length=200, verbose_name='reference to the exemption from VAT')),
                ('account', models.CharField(max_length=4, verbose_name='ledger account')),
                ('recognition', models.CharField(choices=[('accrual', 'when invoiced'), ('cash', 'when paid')], default='accrual', max_length=7, verbose_name='booked')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical product',
                'verbose_name_plural': 'historical products',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalReminderStep',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('days', models.SmallIntegerField(db_index=True, verbose_name='days after the due date')),
                ('name_sv', models.CharField(max_length=100, verbose_name='heading')),
                ('name_en', models.CharField(max_length=100, verbose_name='heading')),
                ('text_sv', models.TextField(verbose_name='text of the mail')),
                ('text_en', models.TextField(verbose_name='text of the mail')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical reminder step',
                'verbose_name_plural': 'historical reminder steps',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSeller',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('organisation_number', billing.giro.OrganisationNumberField(max_length=14, verbose_name='organisation number')),
                ('registered_office', models.CharField(max_length=100, verbose_name='registered office')),
                ('address', models.TextField(help_text='One line a row.', verbose_name='address')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('website', models.URLField(verbose_name='website')),
                ('bankgiro', billing.giro.BankgiroField(max_length=14, verbose_name='bankgiro')),
                ('swish', billing.giro.SwishField(blank=True, max_length=14, verbose_name='Swish number')),
                ('vat_number', billing.giro.VatNumberField(blank=True, help_text='Empty when the association is not registered for VAT.', max_length=14, verbose_name='VAT number')),
                ('f_skatt_approved', models.BooleanField(default=False, verbose_name='approved for F-tax')),
                ('payment_days', models.PositiveSmallIntegerField(default=30, verbose_name='days to pay')),
                ('fiscal_year_start_month', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='first month of the financial year')),
                ('names_in_books', models.BooleanField(default=False, help_text='Otherwise exported vouchers name invoices by their numbers only.', verbose_name='names of customers in the books')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical seller',
                'verbose_name_plural': 'historical seller',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('invoice', 'invoice'), ('credit', 'credit note')], max_length=7, verbose_name='kind')),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                ('sequence', models.PositiveIntegerField(verbose_name='number in its series')),
                ('ocr', models.CharField(blank=True, max_length=25, null=True, unique=True, verbose_name='OCR number')),
                ('issued_on', models.DateField(verbose_name='invoice date')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due date')),
                ('language', models.CharField(choices=[('sv', 'Swedish'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('link_token', models.CharField(default=billing.models.invoices.new_token, editable=False, max_length=43, unique=True, verbose_name='key of its link')),
                ('source', models.CharField(help_text='What it was issued for; the same thing is never invoiced twice.', max_length=100, unique=True, verbose_name='made for')),
                ('customer_name', models.CharField(max_length=200, verbose_name='customer')),
                ('customer_address', models.TextField(blank=True, verbose_name='address')),
                ('customer_email', models.EmailField(max_length=254, verbose_name='e-mail for invoices')),
                ('customer_organisation_number', models.CharField(blank=True, max_length=13, verbose_name='organisation number')),
                ('customer_vat_number', models.CharField(blank=True, max_length=20, verbose_name='VAT number')),
                ('customer_reference', models.CharField(blank=True, max_length=100, verbose_name='your reference')),
                ('order_number', models.CharField(blank=True, max_length=50, verbose_name='purchase order number')),
                ('cost_centre', models.CharField(blank=True, max_length=50, verbose_name='cost centre')),
                ('peppol_id', models.CharField(blank=True, max_length=60, verbose_name='Peppol id')),
                ('seller', models.JSONField(verbose_name='seller as of the invoice date')),
                ('net', billing.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='amount excluding VAT')),
                ('vat', billing.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='VAT')),
                ('rounding', billing.money.MoneyField(decimal_places=2, default=Decimal('0.00'), max_digits=12, verbose_name='rounding')),
                ('total', billing.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='to pay')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='issued at')),
                ('buyer', models.ForeignKey(blank=True, help_text='Sees it on their own pages.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('credits', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='billing.invoice', verbose_name='credits')),
                ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='issued by')),
            ],
            options={
                'verbose_name': 'invoice',
                'verbose_name_plural': 'invoices',
            },
        ),
        migrations.CreateModel(
            name='BulkRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('done', 'done'), ('refused', 'refused')], default='waiting', max_length=7, verbose_name='state')),
                ('told', models.CharField(blank=True, max_length=300, verbose_name='why not')),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='billing.bulkact', verbose_name='action')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.invoice', verbose_name='invoice')),
            ],
            options={
                'verbose_name': 'invoice of an action',
                'verbose_name_plural': 'invoices of an action',
            },
        ),
        migrations.CreateModel(
            name='InvoiceLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='row')),
                ('text', models.CharField(max_length=250, verbose_name='text')),
                ('detail', models.CharField(blank=True, max_length=250, verbose_name='detail')),
                ('quantity', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='quantity')),
                ('unit_price', billing.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='price each, including VAT')),
                ('net', billing.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='amount excluding VAT')),
                ('vat_code', models.CharField(choices=[('S25', 'S25'), ('S12', 'S12'), ('S6', 'S6'), ('Z', 'Z'), ('E', 'E'), ('O', 'O')], max_length=3, verbose_name='VAT')),
                ('product_code', models.CharField(max_length=40, verbose_name='product')),
                ('account', models.CharField(max_length=4, verbose_name='ledger account')),
                ('recognition', models.CharField(max_length=7, verbose_name='booked')),
                ('credits', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credited_by', to='billing.invoiceline', verbose_name='credits')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='billing.invoice', verbose_name='invoice')),
            ],
            options={
                'verbose_name': 'invoice line',
                'verbose_name_plural': 'invoice lines',
            },
        ),
        migrations.CreateModel(
            name='InvoiceVat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(max_length=2, verbose_name='VAT category')),
                ('rate', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='rate, percent')),
                ('net', billing.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='amount excluding VAT')),
                ('vat', billing.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='VAT')),
                ('exemption_text', models.CharField(blank=True, max_length=200, verbose_name='reference to the exemption')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vat_rows', to='billing.invoice', verbose_name='invoice')),
            ],
            options={
                'verbose_name': 'VAT of an invoice',
                'verbose_name_plural': 'VAT of an invoice',
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', billing.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('paid_on', models.DateField(verbose_name='date')),
                ('method', models.CharField(choices=[('bank', 'bank transfer'), ('card', 'card'), ('other', 'registered by hand'), ('write_off', 'written off')], max_length=10, verbose_name='how')),
                ('external_id', models.CharField(help_text="The bank's or Stripe's own number: the same money is never entered twice.", max_length=200, unique=True, verbose_name='reference outside')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('registered_at', models.DateTimeField(auto_now_add=True, verbose_name='entered at')),
                ('bank_transaction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='billing.banktransaction', verbose_name='bank transaction')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='billing.invoice', verbose_name='invoice')),
                ('registered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
            ],
            options={
                'verbose_name': 'payment',
                'verbose_name_plural': 'payments',
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.SmallIntegerField(help_text='Days from the due date that the step stands for.', verbose_name='step')),
                ('sent_at', models.DateTimeField(verbose_name='sent at')),
                ('balance', billing.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='to pay when reminded')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='billing.invoice', verbose_name='invoice')),
            ],
            options={
                'verbose_name': 'reminder',
                'verbose_name_plural': 'reminders',
            },
        ),
        migrations.CreateModel(
            name='Seller',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('organisation_number', billing.giro.OrganisationNumberField(max_length=14, verbose_name='organisation number')),
                ('registered_office', models.CharField(max_length=100, verbose_name='registered office')),
                ('address', models.TextField(help_text='One line a row.', verbose_name='address')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('website', models.URLField(verbose_name='website')),
                ('bankgiro', billing.giro.BankgiroField(max_length=14, verbose_name='bankgiro')),
                ('swish', billing.giro.SwishField(blank=True, max_length=14, verbose_name='Swish number')),
                ('vat_number', billing.giro.VatNumberField(blank=True, help_text='Empty when the association is not registered for VAT.', max_length=14, verbose_name='VAT number')),
                ('f_skatt_approved', models.BooleanField(default=False, verbose_name='approved for F-tax')),
                ('payment_days', models.PositiveSmallIntegerField(default=30, verbose_name='days to pay')),
                ('fiscal_year_start_month', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='first month of the financial year')),
                ('names_in_books', models.BooleanField(default=False, help_text='Otherwise exported vouchers name invoices by their numbers only.', verbose_name='names of customers in the books')),
            ],
            options={
                'verbose_name': 'seller',
                'verbose_name_plural': 'seller',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='seller_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('invoice', 'invoices'), ('credit', 'credit notes')], max_length=10, unique=True, verbose_name='series')),
                ('prefix', models.CharField(blank=True, max_length=5, verbose_name='prefix')),
                ('first', models.PositiveIntegerField(default=10001, verbose_name='first number')),
                ('next', models.PositiveIntegerField(default=10001, verbose_name='next number')),
            ],
            options={
                'verbose_name': 'number series',
                'verbose_name_plural': 'number series',
                'constraints': [models.CheckConstraint(condition=models.Q(('next__gte', models.F('first'))), name='series_never_goes_back')],
            },
        ),
        migrations.CreateModel(
            name='SieBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='from')),
                ('until', models.DateField(verbose_name='to')),
                ('content', models.BinaryField(verbose_name='content')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='exported at')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='exported by')),
            ],
            options={
                'verbose_name': 'SIE file',
                'verbose_name_plural': 'SIE files',
            },
        ),
        migrations.CreateModel(
            name='SieVoucher',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='The row that it comes from; the same row is never exported twice.', max_length=100, unique=True, verbose_name='made of')),
                ('booked_on', models.DateField(verbose_name='booked')),
                ('text', models.CharField(max_length=100, verbose_name='text')),
                ('amount', billing.money.MoneyField(decimal_places=2, help_text='The sum of its debit side.', max_digits=12, verbose_name='amount')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vouchers', to='billing.siebatch', verbose_name='SIE file')),
            ],
            options={
                'verbose_name': 'exported voucher',
                'verbose_name_plural': 'exported vouchers',
            },
        ),
        migrations.CreateModel(
            name='StripeCheckout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempt', models.PositiveSmallIntegerField(verbose_name='attempt')),
                ('amount', billing.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('session_id', models.CharField(blank=True, max_length=200, null=True, unique=True, verbose_name="Stripe's session")),
                ('url', models.TextField(blank=True, verbose_name='address of the payment page')),
                ('payment_intent', models.CharField(blank=True, max_length=200, verbose_name="Stripe's payment")),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='asked at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checkouts', to='billing.invoice', verbose_name='invoice')),
            ],
            options={
                'verbose_name': 'card payment page',
                'verbose_name_plural': 'card payment pages',
            },
        ),
        migrations.CreateModel(
            name='StripeEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.CharField(max_length=100, unique=True, verbose_name="Stripe's number")),
                ('type', models.CharField(max_length=100, verbose_name='type')),
                ('payload', models.JSONField(verbose_name='content')),
                ('received_at', models.DateTimeField(auto_now_add=True, verbose_name='received at')),
                ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='applied at')),
                ('problem', models.TextField(blank=True, verbose_name='why it waits')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='set aside at')),
                ('closed_note', models.CharField(blank=True, max_length=200, verbose_name='what was done')),
            ],
            options={
                'verbose_name': 'Stripe event',
                'verbose_name_plural': 'Stripe events',
                'indexes': [models.Index(condition=models.Q(('applied_at__isnull', True)), fields=['received_at'], name='stripe_event_unapplied')],
            },
        ),
        migrations.CreateModel(
            name='StripeMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('movement_id', models.CharField(max_length=100, unique=True, verbose_name="Stripe's number")),
                ('kind', models.CharField(max_length=50, verbose_name='kind')),
                ('reference', models.CharField(blank=True, db_index=True, help_text='The number of the payment, the refund or the dispute.', max_length=200, verbose_name='what it is about')),
                ('amount', billing.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('fee', billing.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='fee')),
                ('payout', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='billing.stripepayout', verbose_name='payout')),
            ],
            options={
                'verbose_name': 'movement at Stripe',
                'verbose_name_plural': 'movements at Stripe',
            },
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_note', '')), models.Q(('closed_at__isnull', False), models.Q(('closed_note', ''), _negated=True)), _connector='OR'), name='bank_set_aside_says_what'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['due_on', 'id'], name='invoice_by_due_date'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['-issued_on', '-id'], name='invoice_by_date'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.UniqueConstraint(fields=('kind', 'sequence'), name='invoice_number_once'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('credits__isnull', True), ('due_on__isnull', False), ('kind', 'invoice'), ('ocr__isnull', False)), models.Q(('credits__isnull', False), ('due_on__isnull', True), ('kind', 'credit'), ('ocr__isnull', True)), _connector='OR'), name='invoice_kind_has_its_fields'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('total', django.db.models.functions.math.Round(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('vat')), '+', models.F('rounding')), precision=2))), name='invoice_total_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'invoice'), ('total__gte', 0)), models.Q(('kind', 'credit'), ('total__lte', 0)), _connector='OR'), name='invoice_sign_of_its_kind'),
        ),
        migrations.AddIndex(
            model_name='bulkrow',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['act'], name='bulk_waiting'),
        ),
        migrations.AddConstraint(
            model_name='bulkrow',
            constraint=models.UniqueConstraint(fields=('act', 'invoice'), name='bulk_invoice_once'),
        ),
        migrations.AddConstraint(
            model_name='bulkrow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), models.Q(('told', ''), _negated=True)), models.Q(models.Q(('state', 'refused'), _negated=True), ('told', '')), _connector='OR'), name='bulk_refusal_says_why'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.UniqueConstraint(fields=('invoice', 'position'), name='line_position_once'),
        ),
        migrations.AddConstraint(
            model_name='invoicevat',
            constraint=models.UniqueConstraint(fields=('invoice', 'category', 'rate'), name='vat_row_once'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['-paid_on', '-id'], name='payment_by_date'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='payment_is_something'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('invoice', 'level'), name='reminder_once_a_step'),
        ),
        migrations.AddConstraint(
            model_name='stripecheckout',
            constraint=models.UniqueConstraint(fields=('invoice', 'attempt'), name='checkout_attempt_once'),
        ),
    ]
