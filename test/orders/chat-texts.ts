import { randomUUID } from 'node:crypto';
import type { Viewer } from '../../common/viewer.ts';
import type { OpenStream } from '../streams/read-events.ts';
import type { Answer, Ask } from '../support/subgraph.ts';

/** A message as these tests ask for it. */
export interface SaidMessage {
  readonly id: string;
  readonly cursor: string;
  readonly sender: { readonly id: string };
  readonly role: string;
  readonly text: string;
  readonly sentAt: string;
}

const fields = 'id cursor sender { id } role text sentAt';

/** Subscribes to a chat, with `$id` and `$after`. */
export const messageAdded = `subscription ($id: ID!, $after: String) {
  messageAdded(orderId: $id, after: $after) { ${fields} }
}`;

/** Says something in the chat on an order. */
export function say(
  ask: Ask,
  viewer: Viewer,
  orderId: string,
  message: string,
  idempotencyKey: string = randomUUID(),
): Promise<Answer> {
  return ask(
    viewer,
    `mutation ($input: SendMessageInput!) {
      sendMessage(input: $input) { message { ${fields} } userErrors { code path } }
    }`,
    { input: { orderId, message, idempotencyKey } },
  );
}

/** A page of a chat. */
export function readChat(ask: Ask, viewer: Viewer, orderId: string, first = 100, after?: string) {
  return ask(
    viewer,
    `query ($id: ID!, $first: Int!, $after: String) {
      order(id: $id) {
        messages(first: $first, after: $after) {
          nodes { ${fields} }
          edges { cursor node { id } }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }
    }`,
    { id: orderId, first, after },
  );
}

/** The messages that a subscription has got so far. */
export function messagesIn({ events }: OpenStream): readonly SaidMessage[] {
  return events.flatMap(({ data }) => {
    const { data: told } = (data ?? {}) as { data?: { messageAdded: SaidMessage | null } };
    return told?.messageAdded ?? [];
  });
}

/** The texts of messages. */
export function textsOf(messages: readonly SaidMessage[]): readonly string[] {
  return messages.map(({ text }) => text);
}
