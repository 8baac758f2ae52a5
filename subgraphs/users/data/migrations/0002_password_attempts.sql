-- How often a password was tried in vain, by account and address; counted here, so that all processes count together.
create table password_attempts (
  -- SHA-256 of account and address, whether there is such an account or not.
  subject bytea primary key check (octet_length(subject) = 32),
  attempts integer not null check (attempts > 0),
  -- When the count begins anew.
  ends_at timestamptz(3) not null
);

create index password_attempts_by_end on password_attempts (ends_at);
