import { join, resolve } from 'node:path';
import { describeMachine } from '../machine.ts';
import { ensureBuilt, root } from '../peers/build.ts';
import { writeSection } from '../report/write-section.ts';
import { type ShopUnderLoad, startShopUnderLoad } from './measure.ts';
import { readOrderOptions, type Surrounding, usage } from './options.ts';
import { ordersTable, type Row } from './table.ts';

const document = new URL('../../docs/orders.md', import.meta.url);

/** Places orders as fast as they are answered; the exit code is 0 when all measurements could be made. */
export async function loadOrders(
  args: readonly string[],
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<number> {
  const options = readOrderOptions(args);
  if (!options) {
    process.stdout.write(usage);
    return 1;
  }
  const { on, buyers, seconds, before, write } = options;
  const checkouts = [
    { label: '', folder: root },
    ...(before === undefined ? [] : [{ label: ', before', folder: resolve(before) }]),
  ];
  for (const { folder } of checkouts) ensureBuilt(folder);
  const rows: Row[] = [];
  for (const surrounding of on) {
    if (surrounding === 'postgres' && process.env['TEST_DATABASE_URL'] === undefined) {
      say('no PostgreSQL: TEST_DATABASE_URL is not set');
      continue;
    }
    const shops: { name: string; shop: ShopUnderLoad }[] = [];
    try {
      for (const { label, folder } of checkouts) {
        say(`starting ${titleOf(surrounding)}${label}`);
        const programs = join(folder, 'dist');
        const mostBuyers = Math.max(...buyers);
        const shop = await startShopUnderLoad(
          { programs, surrounding, mostBuyers, seconds },
          signal,
        );
        shops.push({ name: `${titleOf(surrounding)}${label}`, shop });
      }
      const levels = [
        ...buyers.map((count) => ({ count, products: 200 })),
        { count: Math.max(...buyers), products: 1 },
      ];
      for (const { count, products } of levels) {
        for (const { name, shop } of shops) {
          signal.throwIfAborted();
          say(`${name}: ${count} buyers, ${products} products`);
          rows.push({ shop: name, ...(await shop.measure(count, products)) });
        }
      }
    } finally {
      for (const { shop } of shops) await shop.stop();
    }
  }
  const { cores, processor, node, loadBefore } = describeMachine();
  const date = new Date().toISOString().slice(0, 10);
  const head = `Measured on ${date} with Node.js ${node} on ${cores} cores (${processor}), which also run the database, the broker and the buyers; load before: ${loadBefore.toFixed(1)}.`;
  const text = `${head}\n\n${ordersTable(rows)}`;
  process.stdout.write(`${text}\n`);
  if (write) {
    writeSection(document, { maker: 'orders', heading: 'How fast' }, text);
    say('wrote the table into docs/orders.md');
  }
  return 0;
}

function titleOf(surrounding: Surrounding): string {
  if (surrounding === 'embedded') return 'embedded';
  return process.env['TEST_AMQP_URL'] === undefined ? 'PostgreSQL' : 'PostgreSQL + RabbitMQ';
}
