-- Events that a service has written and not yet published, in the transaction of what they tell of.
create table outbox (
  -- The order of writing: events of one key are published by it.
  id bigint generated always as identity primary key,
  event_id uuid not null unique,
  type text not null,
  key text not null,
  -- Of the key's hash: one relay at a time publishes those of a partition.
  partition smallint not null check (partition between 0 and 15),
  -- As it is published, byte for byte.
  event text not null check (octet_length(event) <= 262144),
  recorded_at timestamptz(3) not null default now(),
  published_at timestamptz(3)
);

create index outbox_unpublished on outbox (partition, id) where published_at is null;
create index outbox_published on outbox (published_at) where published_at is not null;
