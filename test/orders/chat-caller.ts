import { type ClientDuplexStream, Metadata, type ServiceError } from '@grpc/grpc-js';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createServiceIdentitySigner } from '../../common/service-identity.ts';
import type { ChatMessageOnWire } from '../../subgraphs/orders/services/chat-stream.ts';
import type { GenericClient } from '../support/grpc.ts';

/** A stream of `chat.ChatService/Chat`, with what it got. */
export interface ChatCaller {
  readonly call: ClientDuplexStream<unknown, unknown>;
  /** What it has got so far; grows only while it reads. */
  readonly got: ChatMessageOnWire[];
  /** Resolves with the status when the stream has ended. */
  readonly ended: Promise<{ readonly code: number; readonly details: string }>;
  say(roomId: string, userId: string, message: string): void;
  texts(): readonly string[];
}

const sign = createServiceIdentitySigner(
  { service: 'helpdesk', audience: 'orders' },
  developmentIdentityKey('orders'),
);

/** What a call of a service carries. */
export function serviceMetadata(): Metadata {
  const metadata = new Metadata();
  metadata.set('x-service-identity', sign());
  return metadata;
}

/** Opens a stream, which reads what comes unless it is told to stop at the first message, until it is resumed. */
export async function openChat(
  client: GenericClient,
  { reads = true, metadata = serviceMetadata() } = {},
): Promise<ChatCaller> {
  const call = await client.exchange('chat.ChatService/Chat', metadata);
  const got: ChatMessageOnWire[] = [];
  const ended = new Promise<{ code: number; details: string }>((resolve) => {
    call.on('status', ({ code, details }: { code: number; details: string }) => {
      resolve({ code, details });
    });
    call.on('error', ({ code, details }: ServiceError) => {
      resolve({ code, details });
    });
  });
  call.on('data', (message: ChatMessageOnWire) => {
    got.push(message);
    if (!reads) call.pause();
  });
  return {
    call,
    got,
    ended,
    say: (room_id, user_id, message) => {
      call.write({ room_id, user_id, message });
    },
    texts: () => got.map(({ message }) => message),
  };
}

/** All of a history. */
export async function readHistory(
  client: GenericClient,
  room_id: string,
  limit = 0,
): Promise<readonly ChatMessageOnWire[]> {
  const stream = await client.stream(
    'chat.ChatService/GetHistory',
    { room_id, limit },
    serviceMetadata(),
  );
  const history: ChatMessageOnWire[] = [];
  for await (const message of stream) history.push(message as ChatMessageOnWire);
  return history;
}
