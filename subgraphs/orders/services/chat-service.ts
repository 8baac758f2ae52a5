import { status } from '@grpc/grpc-js';
import type { ChatConfig } from '../../../common/chat-section.ts';
import type { ServiceIdentityVerifier } from '../../../common/service-identity.ts';
import type { Handlers } from '../../kit/grpc/handlers.ts';
import { loadProto } from '../../kit/grpc/load-proto.ts';
import type { ServedService } from '../../kit/grpc/open-server.ts';
import { servicesOnly } from '../../kit/grpc/services-only.ts';
import { StatusError } from '../../kit/grpc/status-error.ts';
import type { MessageRepository } from '../data/message-repository.ts';
import {
  type ChatMessageOnWire,
  type ChatStreamDependencies,
  findRoom,
  invalid,
  serveChatStream,
  toWire,
} from './chat-stream.ts';

/** The dependencies of the service. */
export interface ChatServiceDependencies extends Omit<ChatStreamDependencies, 'maxRooms'> {
  readonly messages: MessageRepository;
  readonly limits: Pick<ChatConfig, 'maxStreams' | 'maxRoomsPerStream'>;
  readonly verifyService: ServiceIdentityVerifier;
}

interface HistoryRequest {
  readonly room_id: string;
  readonly limit: number;
}

/** How many messages of a history are asked for by default, and at most, and how many are in memory. */
const historyLimit = { byDefault: 50, max: 1_000, pageSize: 100 };

const definition = loadProto(new URL('./chat.proto', import.meta.url));

/** The chats on orders for other services (`chat.proto`): every call needs a signed identity. */
export function serveChat(dependencies: ChatServiceDependencies): ServedService {
  return {
    definition,
    name: 'chat.ChatService',
    methods: (handlers) => methodsOf(handlers, dependencies),
  };
}

function methodsOf(handlers: Handlers, dependencies: ChatServiceDependencies) {
  const { orders, messages, limits, verifyService } = dependencies;
  const admit = servicesOnly(verifyService);
  const { maxStreams, maxRoomsPerStream: maxRooms } = limits;
  let open = 0;
  return {
    Chat: handlers.bidiStream<ChatMessageOnWire, ChatMessageOnWire>(
      admit,
      async (exchange, scope) => {
        if (open === maxStreams) {
          const message = `This server has ${maxStreams} streams, which is the most.`;
          throw new StatusError(status.RESOURCE_EXHAUSTED, message);
        }
        open += 1;
        try {
          await serveChatStream(exchange, scope, { ...dependencies, maxRooms });
        } finally {
          open -= 1;
        }
      },
    ),

    GetHistory: handlers.serverStream<HistoryRequest, ChatMessageOnWire>(
      admit,
      async function* ({ room_id: roomId, limit: asked }) {
        const limit = asked === 0 ? historyLimit.byDefault : asked;
        if (limit < 1 || limit > historyLimit.max) {
          throw invalid(`a limit of 1 to ${historyLimit.max}, or 0; got ${asked}`);
        }
        const { id } = await findRoom(orders, roomId);
        const end = await messages.lastNumber(id);
        for (let last = Math.max(0, end - limit); last < end;) {
          const page = await messages.after(id, last, Math.min(historyLimit.pageSize, end - last));
          yield page.filter(({ number }) => number <= end).map(toWire);
          last = page.at(-1)?.number ?? end;
        }
      },
    ),
  };
}
