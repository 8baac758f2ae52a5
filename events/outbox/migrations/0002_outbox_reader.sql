-- Where each service has a role of its own, that of events publishes what is in here and removes it. It has no right to anything
-- else in this schema.
do $$
begin
  if exists (select from pg_roles where rolname = 'events') then
    execute format('grant usage on schema %I to events', current_schema());
    grant select, update, delete on outbox to events;
  end if;
end
$$;
