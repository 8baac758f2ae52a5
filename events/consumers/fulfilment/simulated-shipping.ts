import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { ShippingProvider } from './shipping-provider.ts';

/** Orders that it remembers. */
const maxRemembered = 10_000;

/** How long it thinks about `SIM-SLOW`: longer than it is waited for. */
const slowMs = 20_000;

/**
 * A shipping provider that sends nothing. It does what the postal code says: `SIM-AWAY` fails, `SIM-SLOW` answers the first time
 * when it is not waited for any more, `SIM-LOST` takes the parcel and fails the first time it is asked. All others are taken at
 * once. The number of a parcel is made of its order: a process that starts again gives the same one.
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
