-- Written with every entry, and of use to few or none: numbers of the old chain, which new entries do not have, and ids
-- of what waits, which the log itself keeps apart.
alter table ledger.payload drop constraint payload_old_sequence_key;
create unique index payload_old_sequence on ledger.payload (old_sequence) where old_sequence is not null;
alter table ledger.waiting drop constraint waiting_id_key;
