-- Every process of orders hears of each change, once it has committed. Every change of a state is an event of its order.
create function notify_order_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('orders_changed', new.order_id::text);
  return null;
end
$$;

create trigger order_events_notify after insert on order_events
  for each row execute function notify_order_changed();
