import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { accounts, startTestStorefront } from '../support/storefront.ts';

describe('storefront: metrics', () => {
  it('has those of events at a port of its own, if one is set', async () => {
    const metricsPort = await freePort();
    const storefront = await startTestStorefront({ settings: { events: { metricsPort } } });
    try {
      const placed = await fetch(`${storefront.gatewayUrl}/orders`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await storefront.login(accounts.john)}`,
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
        },
        body: JSON.stringify({
          items: [{ productId: '2', quantity: 1 }],
          shippingAddress: {
            name: 'John Doe',
            line1: '1 Main Street',
            city: 'Springfield',
            postalCode: '12345',
            country: 'US',
          },
        }),
      });
      expect(placed.status).toBe(202);
      const read = async (): Promise<string> =>
        (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      const handled =
        /^messaging_process_duration_count\{.*messaging_consumer_group_name="analytics".*events_outcome="done"\} [1-9]/m;
      const text = await eventually(read, (seen) => handled.test(seen));
      expect(text).toMatch(/^messaging_client_sent_messages_total\{.*\} [1-9]/m);
      expect(text).toMatch(/^events_bus_connected\{messaging_system="embedded"\} 1$/m);
      expect((await fetch(`http://127.0.0.1:${metricsPort}/readyz`)).status).toBe(200);
      // Not where clients are.
      expect((await fetch(`${storefront.gatewayUrl}/metrics`)).status).toBe(404);
    } finally {
      await storefront.stop();
    }
    await expect(fetch(`http://127.0.0.1:${metricsPort}/metrics`)).rejects.toThrow();
  });
});
