-- Null: the token or password is good until it is renewed.
alter table soc.source add column secret_expires_at timestamptz;
