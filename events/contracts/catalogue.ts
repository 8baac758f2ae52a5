import type { EventContract, EventVersion } from './event-contract.ts';
import { faultsOf, MalformedEventError, type ShopEvent } from './event.ts';
import {
  orderCancelledV1,
  orderDeliveredV1,
  orderPlacedV1,
  orderPlacedV2,
  orderRefundedV1,
  orderRejectedV1,
  paymentProcessedV1,
  shippingStartedV1,
  stockReservedV1,
} from './order-events.ts';

/** Every version of every kind of event. */
export const contracts: readonly EventVersion[] = [
  orderPlacedV1,
  orderPlacedV2,
  stockReservedV1,
  paymentProcessedV1,
  shippingStartedV1,
  orderDeliveredV1,
  orderCancelledV1,
  orderRefundedV1,
  orderRejectedV1,
];

const byType = new Map(contracts.map((contract) => [contract.type, contract]));

/** The types of all versions of a kind of event: a consumer of one version receives all of them. */
export function typesOf({ name }: Pick<EventVersion, 'name'>): readonly string[] {
  return contracts.filter((contract) => contract.name === name).map(({ type }) => type);
}

/** Whether a type is in the catalogue. */
export function isKnownType(type: string): boolean {
  return byType.has(type);
}

/**
 * Converts an event to the consumer's version: data of an earlier version is upcast, of a later one downcast,
 * step by step. Members unknown to the contract are dropped. Throws MalformedEventError for an unknown type,
 * a type of another kind, and invalid data.
 */
export function asVersion<TData>(
  event: ShopEvent,
  contract: EventContract<TData>,
): ShopEvent<TData> {
  const written = byType.get(event.type) as EventContract<unknown> | undefined;
  if (written?.name !== contract.name) {
    throw new MalformedEventError(`${event.type} cannot be read as ${contract.type}.`);
  }
  const read = written.data.safeParse(event.data);
  if (!read.success) throw new MalformedEventError(`${event.type} has ${faultsOf(read.error)}.`);
  const data =
    written.version <= contract.version
      ? bringUp(read.data, written.version, contract)
      : bringDown(read.data, written, contract.version);
  return { ...event, type: contract.type, data: data as TData };
}

function bringUp<TData>(data: unknown, from: number, to: EventContract<TData>): unknown {
  if (to.version === from || !to.predecessor) return data;
  const { contract, up } = to.predecessor;
  return up(bringUp(data, from, contract));
}

function bringDown(data: unknown, from: EventContract<unknown>, to: number): unknown {
  if (from.version === to || !from.predecessor) return data;
  const { contract, down } = from.predecessor;
  return bringDown(down(data), contract, to);
}
