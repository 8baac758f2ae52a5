-- Pieces that orders hold back or have bought. `products.stock` counts the free ones: a reservation takes its pieces out of
-- it, and puts them back when it is released. So for each product stock + held + confirmed is what the shop took in.
create table reservations (
  -- The order's id in the orders subgraph.
  order_id bigint primary key check (order_id > 0),
  state text not null check (state in ('HELD', 'CONFIRMED', 'RELEASED')),
  -- When a held one is released unless it is confirmed before.
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null
);

create index reservations_to_expire on reservations (expires_at) where state = 'HELD';

-- One that was released before it was made has none: whatever comes for that order afterwards finds it released.
create table reservation_items (
  order_id bigint not null references reservations (order_id) on delete cascade,
  product_id bigint not null references products (id) on delete cascade,
  quantity integer not null check (quantity between 1 and 1000),
  primary key (order_id, product_id)
);

create index reservation_items_of_product on reservation_items (product_id);
