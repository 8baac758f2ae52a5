#!/usr/bin/env bash
# A role and a database schema for each POSTGRES_<NAME>_PASSWORD: a service has what is its own and sees nothing else. That of
# events has the schemas of its consumers, too, and publishes what is in the outboxes of others.
# The image of PostgreSQL runs this on an empty volume. It may run again, for another service or a new password, or to
# hand over tables that the owner of the database made:
#
#   docker compose exec postgres bash /docker-entrypoint-initdb.d/roles.sh
set -eo pipefail

run() {
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" "$@"
}

# A schema NAME of the role ROLE, with all that is in it.
give() {
  run --set name="$1" --set role="$2" <<'SQL'
select format('create schema %I', :'name')
  where not exists (select from pg_namespace where nspname = :'name') \gexec
alter schema :"name" owner to :"role";
select format('alter table %I.%I owner to %I', schemaname, tablename, :'role')
  from pg_tables where schemaname = :'name' and tableowner <> :'role' \gexec
SQL
}

for variable in $(compgen -A export | grep -E '^POSTGRES_[A-Z0-9_]+_PASSWORD$'); do
  name=${variable#POSTGRES_}
  name=$(echo "${name%_PASSWORD}" | tr 'A-Z_' 'a-z-')
  run --set name="$name" --set password="${!variable}" <<'SQL'
revoke all on database :"DBNAME" from public;
select format('create role %I login', :'name')
  where not exists (select from pg_roles where rolname = :'name') \gexec
alter role :"name" password :'password';
grant connect on database :"DBNAME" to :"name";
SQL
  give "$name" "$name"
done

if [ -n "$POSTGRES_EVENTS_PASSWORD" ]; then
  for schema in notifications fulfilment analytics; do give "$schema" events; done
  # Outboxes that are older than the role; later ones are granted by their migration.
  run <<'SQL'
select format('grant usage on schema %1$I to events; grant select, update, delete on %1$I.outbox to events', schemaname)
  from pg_tables where tablename = 'outbox' \gexec
select 'grant usage on schema analytics to orders; grant select on analytics.sales to orders'
  from pg_tables, pg_roles where schemaname = 'analytics' and tablename = 'sales' and rolname = 'orders' \gexec
SQL
fi
