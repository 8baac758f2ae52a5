import { z } from 'zod';
import { type ChatConfig, chatSection } from '../../common/chat-section.ts';
import { developmentIdentityKey, isDevelopmentKey } from '../../common/development-keys.ts';
import { eventsSection } from '../../common/events-section.ts';
import type { Mode } from '../../common/mode.ts';
import { readSources } from '../../common/setting-sources.ts';
import { identityKeys } from '../../common/setting-values.ts';
import { variableNameOf } from '../../common/setting-variables.ts';
import { toPlain, valueAt } from '../../common/settings-file.ts';
import { type Environment, Faults, parseSettings } from '../../common/settings.ts';
import { inventoryOwner } from '../kit/grpc/inventory-contract.ts';
import { loadInventoryAddress } from '../kit/grpc/load-inventory-address.ts';

/** The connection from orders to the inventory service. */
export interface InventorySettings {
  /** `host:port`. */
  readonly address: string;
  /** The key that signs the identity of orders for products. */
  readonly identityKey: string;
}

/** What is set of orders alone. */
export interface OrdersSettings {
  readonly inventory: InventorySettings;
  /** How many events may wait to be published before no new orders are taken. */
  readonly maxWaitingEvents: number;
  readonly chat: ChatConfig;
}

const schema = z.strictObject({ identityKeys });
const backlogSchema = z.strictObject({ outboxMax: eventsSection.shape.outboxMax });
const backlogPath = ['events', 'outboxMax'] as const;
const path = ['subgraphs', 'each', variableNameOf(inventoryOwner), 'identityKey'] as const;

/**
 * The address of the inventory service (`INVENTORY_GRPC_ADDRESS`), and its identity key (`SUBGRAPH_PRODUCTS_IDENTITY_KEY`, or in
 * the settings file); `events.outboxMax`; the section `chat`. Throws a SettingsError with each bad one; in production also for a key that is
 * missing or known.
 */
export function loadOrdersSettings(environment: Environment, mode: Mode): OrdersSettings {
  const faults = new Faults();
  const address = faults.collect(() => loadInventoryAddress(environment).target);
  const { values, nameOf } = readSources(environment, faults);
  const given = valueAt(values, path);
  const byDefault = mode === 'production' ? undefined : developmentIdentityKey(inventoryOwner);
  // The same wording as in products, so that one process reports the same mistake once.
  const settings = faults.collect(() =>
    parseSettings(schema, { identityKeys: given ?? byDefault }, () => nameOf(path)),
  );
  const backlog = faults.collect(() =>
    parseSettings(backlogSchema, { outboxMax: valueAt(values, backlogPath) }, () =>
      nameOf(backlogPath),
    ),
  );
  const chat = faults.collect(() =>
    parseSettings(chatSection, toPlain(values.get('chat')) ?? {}, (key) =>
      nameOf(['chat', ...key]),
    ),
  );
  const [identityKey] = settings?.identityKeys ?? [];
  if (mode === 'production' && identityKey !== undefined && isDevelopmentKey(identityKey)) {
    faults.add([
      `${nameOf(path)} is the development key, which is public; use a secret one (openssl rand -hex 32)`,
    ]);
  }
  return faults.settle(
    address !== undefined && identityKey !== undefined && backlog && chat
      ? { inventory: { address, identityKey }, maxWaitingEvents: backlog.outboxMax, chat }
      : undefined,
  );
}
