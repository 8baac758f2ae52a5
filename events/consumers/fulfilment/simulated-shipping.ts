import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { ShippingProvider } from './shipping-provider.ts';

/** The number of orders it remembers. */
const maxRemembered = 10_000;

/** The delay for `SIM-SLOW`: longer than the deadline. */
const slowMs = 20_000;

/**
 * A shipping provider that ships nothing. The postal code decides: `SIM-AWAY` fails, `SIM-SLOW` answers the first request
 * after the deadline, `SIM-LOST` accepts the parcel and fails the first time. All others are accepted
 * immediately. The parcel number is derived from the order, so a restarted process returns the same one.
 */
export function createSimulatedShipping(): ShippingProvider {
  const known = new LRUCache<string, 'taken' | 'called back'>({ max: maxRemembered });
  return {
    async ship({ orderId, address }, signal) {
      if (address?.postalCode === 'SIM-AWAY') throw away();
      const before = known.get(orderId);
      if (before === 'called back') return undefined;
      known.set(orderId, 'taken');
      if (before === undefined) {
        if (address?.postalCode === 'SIM-SLOW') await pause(slowMs, undefined, { signal });
        if (address?.postalCode === 'SIM-LOST') throw away();
      }
      return `simulated-${orderId}`;
    },
    callBack(orderId) {
      known.set(orderId, 'called back');
      return Promise.resolve();
    },
  };
}

function away(): Error {
  return new Error('The shipping provider failed to answer.');
}
