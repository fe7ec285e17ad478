alter table identity.challenge drop constraint challenge_purpose_check;
alter table identity.challenge add constraint challenge_purpose_check check (purpose in ('register', 'sign-in', 'sign'));
