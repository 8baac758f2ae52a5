import { quantile } from '../measure/statistics.ts';
import { transactions } from './cost.ts';
import type { Measured } from './measure.ts';

/** A measurement and the shop that it is of. */
export interface Row extends Measured {
  readonly shop: string;
}

/** The measurements as tables in Markdown: how fast, and what an order costs. */
export function ordersTable(rows: readonly Row[]): string {
  const speed = rows.map((row) => [
    ...headOf(row),
    row.ordersPerSecond.toFixed(0),
    quantile(row.latencies, 0.5).toFixed(0),
    quantile(row.latencies, 0.99).toFixed(0),
    row.lag === undefined ? '–' : `${row.lag.p99.toFixed(0)} / ${row.lag.most.toFixed(0)}`,
    row.caughtUpAfterS?.toFixed(1) ?? '–',
    [...row.failures].map(([code, count]) => `${count} ${code}`).join(', ') || '–',
  ]);
  const who = [...new Set(rows.flatMap(({ costs }) => [...costs.keys()]))];
  const cpu = who.filter((name) => name !== transactions);
  const cost = rows.map((row) => {
    const orders = Math.max(1, row.placed);
    const each = (name: string): number => (row.costs.get(name) ?? Number.NaN) / orders;
    const whole = cpu.reduce((sum, name) => sum + (row.costs.get(name) ?? 0), 0) / orders;
    return [
      ...headOf(row),
      ...cpu.map((name) => (row.costs.has(name) ? (each(name) / 1_000).toFixed(2) : '–')),
      (whole / 1_000).toFixed(2),
      row.costs.has(transactions) ? each(transactions).toFixed(1) : '–',
    ];
  });
  const head = ['shop', 'buyers', 'products'];
  return [
    ...table(
      [
        ...[...head, 'orders/s', 'p50 ms', 'p99 ms', 'outbox lag, p99 / most ms'],
        ...['caught up after s', 'not placed'],
      ],
      speed,
    ),
    '',
    'CPU time of an order in milliseconds, by process, and its transactions:',
    '',
    ...table([...head, ...cpu, 'all', 'transactions'], cost),
  ].join('\n');
}

function headOf({ shop, buyers, products }: Row): readonly string[] {
  return [shop, String(buyers), String(products)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...rows.map(line),
  ];
}
