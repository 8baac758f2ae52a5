import { type Kysely, sql } from 'kysely';
import { runTransaction } from '../../kit/database/run-transaction.ts';
import { readIds } from '../../kit/ids.ts';
import type { ChatMessage, MessageRange } from '../domain/chat-message.ts';
import { type OrdersTables, type OrdersTransaction, schemaName } from './tables.ts';

/** A message to keep. */
export interface NewMessage extends Omit<ChatMessage, 'number'> {
  /** The sender's own key, if there is one. */
  readonly key: string | null;
}

/** How many messages a sender may send in a span of time. */
export interface MessageRate {
  readonly max: number;
  readonly spanMs: number;
}

/** A message that is kept; or until when its sender has sent too many. */
export type KeptMessage =
  | { readonly message: ChatMessage; readonly fullUntil?: never }
  | { readonly message?: never; readonly fullUntil: Date };

/** Keeps and reads messages; reading takes one statement. */
export interface MessageRepository {
  /**
   * Keeps a message as the newest of its chat. If its sender has one under the same key there, gives that. However many of a
   * sender are added at the same time, no more are kept than the rate allows.
   */
  add(message: NewMessage, rate: MessageRate): Promise<KeptMessage>;
  /** At most `limit` messages of a chat that follow on a number, oldest first. */
  after(orderId: string, number: number, limit: number): Promise<readonly ChatMessage[]>;
  /** The same range of each order's chat, newest first. */
  newestOf(orderIds: readonly string[], range: MessageRange): Promise<readonly ChatMessage[]>;
  /** The number of the newest message; 0 when there is none. */
  lastNumber(orderId: string): Promise<number>;
}

/** The repository on a database. */
export function createMessageRepository(database: Kysely<OrdersTables>): MessageRepository {
  return {
    add: (message, rate) =>
      runTransaction(database, async (transaction) => {
        const { senderId, sentAt } = message;
        // The messages of one sender are added one after the other.
        await sql`select pg_advisory_xact_lock(hashtextextended(${`${schemaName}.sender ${senderId}`}, 0))`.execute(
          transaction,
        );
        const known = await underKey(transaction, message);
        if (known) return { message: known };
        const since = new Date(sentAt.getTime() - rate.spanMs);
        const oldest = await transaction
          .selectFrom('order_messages')
          .select('sent_at')
          .where('sender_id', '=', senderId)
          .where('sent_at', '>', since)
          .orderBy('sent_at', 'desc')
          .offset(rate.max - 1)
          .limit(1)
          .executeTakeFirst();
        if (oldest) return { fullUntil: new Date(oldest.sent_at.getTime() + rate.spanMs) };
        return { message: await append(transaction, message) };
      }),

    async after(orderId, number, limit) {
      return messages(database)
        .where('order_messages.order_id', '=', orderId)
        .where('number', '>', number)
        .orderBy('number')
        .limit(limit)
        .execute();
    },

    async newestOf(orderIds, { limit, before }) {
      const possible = readIds(orderIds);
      if (possible.length === 0) return [];
      return database
        .selectFrom(sql<{ id: string }>`unnest(${possible}::bigint[])`.as<'chat'>(sql`chat(id)`))
        .innerJoinLateral(
          (lateral) =>
            lateral
              .selectFrom('order_messages')
              .innerJoin('orders', 'orders.id', 'order_messages.order_id')
              .select(columns)
              .whereRef('order_messages.order_id', '=', 'chat.id')
              .$if(before !== undefined, (query) => query.where('number', '<', before ?? 0))
              .orderBy('number', 'desc')
              .limit(limit)
              .as('newest'),
          (join) => join.onTrue(),
        )
        .selectAll('newest')
        .orderBy('newest.orderId')
        .orderBy('newest.number', 'desc')
        .execute();
    },

    async lastNumber(orderId) {
      const row = await database
        .selectFrom('order_chats')
        .select('last_number as number')
        .where('order_id', '=', orderId)
        .executeTakeFirst();
      return row?.number ?? 0;
    },
  };
}

const columns = [
  'order_messages.order_id as orderId',
  'number',
  'sender_id as senderId',
  'sender_role as senderRole',
  'text',
  'sent_at as sentAt',
  'orders.user_id as customerId',
] as const;

function messages(database: Kysely<OrdersTables>) {
  return database
    .selectFrom('order_messages')
    .innerJoin('orders', 'orders.id', 'order_messages.order_id')
    .select(columns);
}

async function underKey(
  transaction: OrdersTransaction,
  { orderId, senderId, key }: NewMessage,
): Promise<ChatMessage | undefined> {
  if (key === null) return undefined;
  return messages(transaction)
    .where('order_messages.order_id', '=', orderId)
    .where('sender_id', '=', senderId)
    .where('key', '=', key)
    .executeTakeFirst();
}

/** The row of the chat is locked until the message has committed: the next one follows on it. */
async function append(
  transaction: OrdersTransaction,
  { key, ...message }: NewMessage,
): Promise<ChatMessage> {
  const { orderId, senderId, senderRole, text, sentAt } = message;
  const { rows } = await sql<Pick<ChatMessage, 'number' | 'sentAt'>>`with place as (
      insert into ${table('order_chats')} as chat (order_id, last_number, last_sent_at)
        values (${orderId}, 1, ${sentAt})
        on conflict (order_id) do update set last_number = chat.last_number + 1,
          last_sent_at = greatest(excluded.last_sent_at, chat.last_sent_at + interval '1 ms')
        returning order_id, last_number, last_sent_at
    )
    insert into ${table('order_messages')} (order_id, number, sender_id, sender_role, text, sent_at, key)
      select order_id, last_number, ${senderId}::bigint, ${senderRole}, ${text}, last_sent_at, ${key}::text from place
      returning number, sent_at as "sentAt"`.execute(transaction);
  const [placed] = rows;
  if (!placed) throw new Error('Expected the row of a message that was added.');
  return { ...message, ...placed };
}

function table(name: keyof OrdersTables) {
  return sql.id(schemaName, name);
}
