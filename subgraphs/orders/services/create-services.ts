import type { ServiceDependencies } from '../../kit/define-subgraph.ts';
import { createPaymentLedger } from '../data/payment-ledger.ts';
import { createPlacingRepository } from '../data/placing-repository.ts';
import { createProgressRepository } from '../data/progress-repository.ts';
import { createOrderRepository, type OrderRepository } from '../data/repository.ts';
import type { OrdersTables } from '../data/tables.ts';
import { loadInventorySettings } from '../load-settings.ts';
import { createInventory, type Inventory } from './inventory.ts';
import { createOrderChanges, type OrderChanges } from './order-changes.ts';
import { createOrderFlow } from './order-flow.ts';
import { createPlacing, type Placing } from './placing.ts';
import type { RecoveryDependencies } from './recovery.ts';
import { createSimulatedProvider } from './simulated-provider.ts';

/** What lives as long as the process. */
export interface OrdersServices {
  readonly orders: OrderRepository;
  readonly placing: Placing;
  readonly changes: OrderChanges;
  readonly inventory: Inventory;
  readonly recovery: RecoveryDependencies;
}

/** Makes the services. Throws StartupError for a bad setting. */
export function createServices({
  database,
  environment,
  mode,
  clock,
  log,
}: ServiceDependencies<OrdersTables>): OrdersServices {
  const inventory = createInventory(loadInventorySettings(environment, mode));
  const orders = createOrderRepository(database);
  const progress = createProgressRepository(database);
  const placing = createPlacingRepository(database);
  const payments = createSimulatedProvider(createPaymentLedger(database), clock);
  const flow = createOrderFlow({ progress, inventory, payments, clock, log });
  return {
    orders,
    placing: createPlacing({ orders, placing, inventory, flow, clock }),
    changes: createOrderChanges({ orders, progress, flow, clock }),
    inventory,
    recovery: { progress, placing, flow, clock, log },
  };
}
