import { describe, expect, it } from '@jest/globals';
import { loadEventSettings } from './load-settings.ts';

describe('the settings of events', () => {
  it('let consumers give way for a minute in production, never in development, and as long as they say', () => {
    const production = {
      NODE_ENV: 'production',
      SUBGRAPH_USERS_IDENTITY_KEY: 'a key of users that is not for development',
      SUBGRAPH_ORDERS_IDENTITY_KEY: 'a key of orders that is not for development',
    };
    expect(loadEventSettings({}).events.giveWayMs).toBe(0);
    expect(loadEventSettings(production).events.giveWayMs).toBe(60_000);
    for (const giveWayMs of [0, 5_000]) {
      const given = [{ events: { giveWayMs } }];
      expect(loadEventSettings(production, { given }).events.giveWayMs).toBe(giveWayMs);
    }
  });
});
