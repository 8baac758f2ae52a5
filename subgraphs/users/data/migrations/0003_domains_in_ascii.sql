-- An address is known by its domain as the DNS has it: `xn--mnchen-3ya.example`, not `münchen.example` (RFC 3492).
-- An account whose address another one has in that form already is left as it is; nobody can log in to it any more.

create function punycode(label text) returns text language plpgsql immutable strict as $$
declare
  points integer[] := array(select ascii(part) from regexp_split_to_table(label, '') part);
  encoded text := regexp_replace(label, '[^\x01-\x7f]', '', 'g');
  basic integer := length(encoded);
  handled integer := basic;
  lowest integer := 128;
  next_lowest integer;
  delta integer := 0;
  bias integer := 72;
  rest integer;
  step integer;
  threshold integer;
  point integer;
begin
  if basic = length(label) then return label; end if;
  if basic > 0 then encoded := encoded || '-'; end if;
  while handled < cardinality(points) loop
    select min(value) into next_lowest from unnest(points) value where value >= lowest;
    delta := delta + (next_lowest - lowest) * (handled + 1);
    lowest := next_lowest;
    foreach point in array points loop
      if point < lowest then delta := delta + 1; end if;
      continue when point <> lowest;
      rest := delta;
      step := 36;
      loop
        threshold := least(greatest(step - bias, 1), 26);
        exit when rest < threshold;
        encoded := encoded || substr('abcdefghijklmnopqrstuvwxyz0123456789',
          threshold + (rest - threshold) % (36 - threshold) + 1, 1);
        rest := (rest - threshold) / (36 - threshold);
        step := step + 36;
      end loop;
      encoded := encoded || substr('abcdefghijklmnopqrstuvwxyz0123456789', rest + 1, 1);
      delta := case when handled = basic then delta / 700 else delta / 2 end;
      delta := delta + delta / (handled + 1);
      bias := 0;
      while delta > 455 loop
        delta := delta / 35;
        bias := bias + 36;
      end loop;
      bias := bias + 36 * delta / (delta + 38);
      delta := 0;
      handled := handled + 1;
    end loop;
    delta := delta + 1;
    lowest := lowest + 1;
  end loop;
  return 'xn--' || encoded;
end $$;

with in_ascii as (
  select id, regexp_replace(email, '[^@]*$', '') || (
    select string_agg(punycode(label), '.' order by position)
    from regexp_split_to_table(regexp_replace(email, '^.*@', ''), '\.') with ordinality as labels (label, position)
  ) as email
  from users
  where regexp_replace(email, '^.*@', '') ~ '[^\x01-\x7f]'
)
update users set email = in_ascii.email
from in_ascii
where users.id = in_ascii.id
  and length(in_ascii.email) <= 254
  and not exists (select from users other where lower(other.email) = in_ascii.email);

drop function punycode(text);
