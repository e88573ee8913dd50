"""Entries, readings and seals can be added, and nothing else: not by the portal, not by an administrator in SQL."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

# A reading may be sealed once; that is the only update, and it may change nothing else.
SEAL_ONCE = """
CREATE FUNCTION ledger_seal_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.seal_id IS NOT NULL OR NEW.seal_id IS NULL
       OR to_jsonb(OLD) - 'seal_id' IS DISTINCT FROM to_jsonb(NEW) - 'seal_id' THEN
        RAISE EXCEPTION 'the ledger is append-only: UPDATE of ledger_reading refused'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_reading_sealed_once BEFORE UPDATE ON ledger_reading
    FOR EACH ROW EXECUTE FUNCTION ledger_seal_once();
"""

# Of the statement and not of its rows: even what would touch no row is refused.
TRIGGERS = """
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_readingseal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_readingseal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_reading_append_only BEFORE DELETE OR TRUNCATE ON ledger_reading
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""

UNDO = """
DROP TRIGGER ledger_entry_append_only ON ledger_entry;
DROP TRIGGER ledger_readingseal_append_only ON ledger_readingseal;
DROP TRIGGER ledger_reading_append_only ON ledger_reading;
DROP TRIGGER ledger_reading_sealed_once ON ledger_reading;
DROP FUNCTION ledger_seal_once();
DROP FUNCTION ledger_refuse();
"""


class Migration(migrations.Migration):
    """Set the triggers that make the ledger append-only."""

    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE + SEAL_ONCE + TRIGGERS, reverse_sql=UNDO)]
