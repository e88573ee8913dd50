"""What the database itself holds every change of a case to: the table of moves, and an entry for each of them."""

from services.core.states import MOVES

_LAWFUL = ", ".join(f"'{before}>{after}'" for before, moves in MOVES.items() for after in moves)

# Design §7, §10.3: no change of state without its ledger entry in the same transaction, and none that the table of
# moves does not have. One turn may make several moves: the entries since the last one name each state that was passed
# through (`states`), and every step of that way is held to the table.
MOVES_AS_WRITTEN_DECLARED = [
    ("trodden", "text[]"),
    ("sealed", "boolean"),
    ("place", "text"),
    ("ahead", "text"),
]
MOVES_AS_WRITTEN = """
    IF NEW.state IS NOT DISTINCT FROM OLD.state THEN
        RETURN NEW;
    END IF;
    SELECT array_agg(move.state ORDER BY entry.sequence, move.number) FILTER (WHERE move.state IS NOT NULL),
           bool_or(entry.sequence = NEW.ledger_sequence AND entry.digest = NEW.ledger_head)
    INTO trodden, sealed
    FROM ledger_entry AS entry
    LEFT JOIN LATERAL jsonb_array_elements_text(entry.detail -> 'states')
        WITH ORDINALITY AS move (state, number) ON true
    WHERE entry.case_id = NEW.id
        AND entry.sequence > OLD.ledger_sequence AND entry.sequence <= NEW.ledger_sequence;
    IF sealed IS NOT TRUE THEN
        RAISE EXCEPTION 'case % cannot become % without its ledger entry', NEW.id, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    place := OLD.state;
    FOREACH ahead IN ARRAY array_append(coalesce(trodden, '{}'), NEW.state::text) LOOP
        CONTINUE WHEN ahead = place;
        IF place || '>' || ahead <> ALL (ARRAY[LAWFUL_MOVES]) THEN
            RAISE EXCEPTION 'case % is % and cannot become %', NEW.id, place, ahead
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        place := ahead;
    END LOOP;
    IF 'paused' IN (OLD.state, NEW.state) AND (NEW.state = 'paused') IS DISTINCT FROM EXISTS (
        SELECT 1 FROM cases_pause WHERE case_id = NEW.id AND ended_on IS NULL)
    THEN
        RAISE EXCEPTION 'case % is paused exactly while it has an open pause', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
""".replace("LAWFUL_MOVES", _LAWFUL)

BEGINS = """
    IF NEW.state <> 'received' THEN
        RAISE EXCEPTION 'case % begins at received, not at %', NEW.id, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""
