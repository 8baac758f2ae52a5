import type { ChatConfig } from '../../../common/chat-section.ts';
import type { ServiceDependencies } from '../../kit/define-subgraph.ts';
import { createChanges } from '../../kit/streams/changes.ts';
import { orderChangesChannel } from '../data/changes-channel.ts';
import { createMessageRepository, type MessageRepository } from '../data/message-repository.ts';
import { createPaymentLedger } from '../data/payment-ledger.ts';
import { createPlacingRepository } from '../data/placing-repository.ts';
import { createProgressRepository } from '../data/progress-repository.ts';
import { createOrderRepository, type OrderRepository } from '../data/repository.ts';
import { createSalesRepository, type SalesRepository } from '../data/sales-repository.ts';
import type { OrdersTables } from '../data/tables.ts';
import { loadOrdersSettings } from '../load-settings.ts';
import { type ChatOfViewers, createChatOfViewers } from './chat-of-viewers.ts';
import { type ChatRooms, createChatRooms } from './chat-rooms.ts';
import { createEventBacklog } from './event-backlog.ts';
import { createInventory, type Inventory } from './inventory.ts';
import { createOrderChanges, type OrderChanges } from './order-changes.ts';
import { createOrderFlow } from './order-flow.ts';
import { createOrderFollowing, type OrderFollowing } from './order-following.ts';
import { createPlacedOrders, type PlacedOrders } from './placed-orders.ts';
import { createPlacing, type Placing } from './placing.ts';
import type { RecoveryDependencies } from './recovery.ts';
import { createSimulatedProvider } from './simulated-provider.ts';

/** The services of the process. */
export interface OrdersServices {
  readonly orders: OrderRepository;
  readonly sales: SalesRepository;
  readonly placing: Placing;
  readonly changes: OrderChanges;
  readonly following: OrderFollowing;
  readonly placed: PlacedOrders;
  readonly messages: MessageRepository;
  readonly rooms: ChatRooms;
  readonly chat: ChatOfViewers;
  readonly chatLimits: ChatConfig;
  readonly inventory: Inventory;
  readonly recovery: RecoveryDependencies;
}

/** Creates the services. Throws StartupError for an invalid setting. */
export function createServices({
  database,
  listen,
  environment,
  mode,
  clock,
  log,
}: ServiceDependencies<OrdersTables>): OrdersServices {
  const {
    inventory: stock,
    maxWaitingEvents: maxWaiting,
    chat: chatLimits,
  } = loadOrdersSettings(environment, mode);
  const inventory = createInventory(stock);
  const orders = createOrderRepository(database);
  const progress = createProgressRepository(database);
  const placing = createPlacingRepository(database);
  const payments = createSimulatedProvider(createPaymentLedger(database), clock);
  const flow = createOrderFlow({ progress, inventory, payments, clock, log });
  const notified = createChanges(listen, orderChangesChannel);
  const messages = createMessageRepository(database);
  const rooms = createChatRooms({ messages, changes: notified, clock, ...chatLimits });
  const backlog = createEventBacklog({ database, maxWaiting, clock, log });
  return {
    orders,
    sales: createSalesRepository(database),
    placing: createPlacing({ orders, placing, inventory, flow, backlog, clock }),
    changes: createOrderChanges({ orders, progress, flow, clock }),
    following: createOrderFollowing(orders, notified),
    placed: createPlacedOrders({ orders, changes: notified, clock }),
    messages,
    rooms,
    chatLimits,
    chat: createChatOfViewers(orders, messages, rooms),
    inventory,
    recovery: { progress, placing, flow, clock, log },
  };
}
