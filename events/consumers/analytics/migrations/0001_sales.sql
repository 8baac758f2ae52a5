-- What is known of the sale of each order. Events may come in any order, and each tells a part of it.
create table sales (
  order_id bigint primary key,
  -- Of its placing or its payment, whichever came.
  currency text check (currency ~ '^[A-Z]{3}$'),
  placed_at timestamptz(3),
  paid_at timestamptz(3),
  paid_minor bigint check (paid_minor >= 0),
  -- When it was cancelled or refunded: what was paid went back.
  returned_at timestamptz(3)
);

create index sales_placed on sales (placed_at);
create index sales_paid on sales (paid_at);
create index sales_returned on sales (returned_at) where paid_at is not null;

-- Where each service has a role of its own, that of orders reads it, for `Query.salesReport`.
do $$
begin
  if exists (select from pg_roles where rolname = 'orders') then
    execute format('grant usage on schema %I to orders', current_schema());
    grant select on sales to orders;
  end if;
end
$$;
