-- Wakes the relay when the transaction commits. It looks by itself from time to time, too.
create function notify_outbox_written() returns trigger language plpgsql as $$
begin
  perform pg_notify('events_waiting', tg_table_schema);
  return null;
end
$$;

create trigger outbox_notify after insert on outbox
  for each statement execute function notify_outbox_written();
