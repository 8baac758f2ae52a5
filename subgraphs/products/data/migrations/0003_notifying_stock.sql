-- Every process of products hears which products have another stock, or have left the catalogue, once that has committed.
create function notify_stock_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('stock_changed', new.id::text);
  return null;
end
$$;

create trigger products_notify after update of stock, archived_at on products
  for each row
  when (old.stock is distinct from new.stock or old.archived_at is distinct from new.archived_at)
  execute function notify_stock_changed();
