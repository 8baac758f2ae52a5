-- What a consumer knows of each event: written in the transaction of what it does about it.
create table inbox (
  consumer text not null,
  event_id text not null,
  key text not null,
  -- started: a sender is at it, or was when its process ended. done. unknown: sent or not, never again. held: failed, and
  -- comes again. parked: waits here for an earlier event of its key. dead: given up.
  state text not null check (state in ('started', 'done', 'unknown', 'held', 'parked', 'dead')),
  -- The order of parked ones.
  sequence bigint generated always as identity,
  -- Of parked ones, the event.
  event text,
  changed_at timestamptz(3) not null default now(),
  primary key (consumer, event_id)
);

create index inbox_unfinished on inbox (consumer, key, sequence) where state in ('held', 'parked');
create index inbox_finished on inbox (changed_at) where state in ('done', 'unknown');
