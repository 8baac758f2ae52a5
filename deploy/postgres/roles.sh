#!/usr/bin/env bash
# A role and a database schema for each POSTGRES_<NAME>_PASSWORD: a subgraph has what is its own and sees nothing else.
# The image of PostgreSQL runs this on an empty volume. It may run again, for another subgraph or a new password, or to
# hand over tables that the owner of the database made:
#
#   docker compose exec postgres bash /docker-entrypoint-initdb.d/roles.sh
set -eo pipefail

for variable in $(compgen -A export | grep -E '^POSTGRES_[A-Z0-9_]+_PASSWORD$'); do
  name=${variable#POSTGRES_}
  name=$(echo "${name%_PASSWORD}" | tr 'A-Z_' 'a-z-')
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set name="$name" --set password="${!variable}" <<'SQL'
revoke all on database :"DBNAME" from public;
select format('create role %I login', :'name')
  where not exists (select from pg_roles where rolname = :'name') \gexec
alter role :"name" password :'password';
grant connect on database :"DBNAME" to :"name";
select format('create schema %I', :'name')
  where not exists (select from pg_namespace where nspname = :'name') \gexec
alter schema :"name" owner to :"name";
select format('alter table %I.%I owner to %I', schemaname, tablename, :'name')
  from pg_tables where schemaname = :'name' and tableowner <> :'name' \gexec
SQL
done
