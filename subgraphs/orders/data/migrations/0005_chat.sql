-- The chat on an order between its customer and support. Its messages are numbered without a gap, in the order in which they are
-- committed, because each one locks the row of its chat: a reader who has read up to a number has missed none before it.
create table order_chats (
  order_id bigint primary key references orders (id) on delete cascade,
  last_number integer not null check (last_number > 0),
  -- Times in a chat are strictly ascending, too, whatever the clocks of several processes say.
  last_sent_at timestamptz(3) not null
);

create table order_messages (
  order_id bigint not null references order_chats (order_id) on delete cascade,
  number integer not null check (number > 0),
  -- The account's id in the users subgraph.
  sender_id bigint not null check (sender_id > 0),
  sender_role text not null check (sender_role in ('CUSTOMER', 'SUPPORT')),
  text text not null check (char_length(text) between 1 and 4000),
  sent_at timestamptz(3) not null,
  -- The sender's own key, under which a message is sent once; null where it has none.
  key text check (char_length(key) between 8 and 100),
  primary key (order_id, number),
  constraint order_messages_once unique (order_id, sender_id, key)
);

create index order_messages_of_sender on order_messages (sender_id, sent_at desc);

-- Every process of orders hears of each message, once it has committed.
create function notify_message_sent() returns trigger language plpgsql as $$
begin
  perform pg_notify('orders_changed', new.order_id::text);
  return null;
end
$$;

create trigger order_messages_notify after insert on order_messages
  for each row execute function notify_message_sent();
