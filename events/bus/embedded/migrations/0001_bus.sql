-- The bus that needs no broker: queues as rows.
create table subscriptions (
  consumer text primary key,
  types text[] not null,
  -- One process at a time serves a consumer, which keeps the order; another takes over when this time has passed.
  holder uuid,
  held_until timestamptz
);

create table messages (
  -- The order in a queue.
  id bigint generated always as identity primary key,
  consumer text not null references subscriptions (consumer) on delete cascade,
  event_id text not null,
  key text not null,
  event text not null,
  failures int not null default 0 check (failures >= 0),
  state text not null default 'waiting' check (state in ('waiting', 'dead')),
  available_at timestamptz not null default now(),
  reason text,
  died_at timestamptz(3)
);

create index messages_waiting on messages (consumer, id) where state = 'waiting';
create index messages_dead on messages (consumer, id) where state = 'dead';
