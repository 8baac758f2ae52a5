import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postgresUrl } from '../support/postgres.ts';
import { amqpUrl } from '../support/rabbitmq.ts';
import { type ChaosShop, startChaosShop } from './chaos-shop.ts';
import { runChaos } from './chaos.ts';

const seed = Number(process.env.SEED ?? 72_738);
const inFlight = 40;

const onServers = postgresUrl !== undefined && amqpUrl !== undefined ? describe : describe.skip;

onServers(
  `chaos/PostgreSQL + RabbitMQ, seed ${seed}: needs TEST_DATABASE_URL and TEST_AMQP_URL`,
  () => {
    let shop: ChaosShop;

    beforeAll(async () => {
      shop = await startChaosShop({
        programs: process.env.BUILT_PROGRAMS ?? '',
        databaseServer: postgresUrl ?? '',
        amqpUrl,
        customers: inFlight,
      });
    });
    afterAll(() => shop.stop());

    it('threats 73, 77, 79 and 80: loses no order, piece, event or message, and doubles none', async () => {
      const { signal } = new AbortController();
      const lines: string[] = [];
      const report = await runChaos(
        shop,
        { seed, minutes: 0.4, inFlight, outageMs: 3_000 },
        signal,
        (line) => lines.push(line),
      );
      expect({ wrong: report.wrong, lines: report.wrong.length > 0 ? lines : [] }).toEqual({
        wrong: [],
        lines: [],
      });
      expect(report.orders).toBeGreaterThan(0);
      const { email, webhook, push } = shop.deliveries.counts();
      expect(Math.min(email ?? 0, webhook ?? 0, push ?? 0)).toBeGreaterThan(report.orders / 2);
    });
  },
);
