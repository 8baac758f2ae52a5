-- An order that is placed has an id that no process follows yet: it is notified by that it is placed, too.
create or replace function notify_order_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('orders_changed', new.order_id::text);
  if new.type = 'shop.order.placed.v1' then
    perform pg_notify('orders_changed', 'placed ' || new.order_id::text);
  end if;
  return null;
end
$$;
