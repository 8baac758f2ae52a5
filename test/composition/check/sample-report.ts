import type { CheckReport, Finding } from '../../../composition/check/finding.ts';

/** Text that wants out of every format: of the terminal, of XML, of Markdown, of a workflow command, of a line. */
export const hostile =
  'a|b `c` ``d`` ]]> <script>&amp;"\'</script> %0A::error::no\r\n::warning::no\u001b[31mred\u009b2J\u0007\u0000\u202e @team #1 [x](y) \ud800 \uffff';

/** Control characters that no format may pass on. */
export const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u;

const removed: Finding = {
  code: 'FIELD_REMOVED',
  severity: 'error',
  message: 'The field "Product.price" is gone.',
  coordinate: 'Product.price',
  place: {
    file: 'subgraphs/products/schema.graphql',
    line: 12,
    column: 3,
    subgraph: 'products',
    lineText: '  price: Money!',
  },
  operations: [
    {
      name: 'ProductPage',
      place: { file: 'web/product page.graphql', line: 1, column: 1 },
      clients: [
        { name: 'ios', count: 12 },
        { name: 'web', version: '1.2', count: 340 },
      ],
    },
    { name: '1a2b3c4d', clients: [] },
  ],
  details: [],
  fix: 'Deprecate it first, and remove it when no operation uses it.',
};

/** One report with all that a report can have: each kind, places and none, clients, waivers, and hostile text. */
export const sampleReport: CheckReport = {
  base: 'main (merge base 1a2b3c4)',
  looked: { operations: 12, subgraphs: 3 },
  findings: [
    removed,
    {
      code: 'ARGUMENT_TYPE_CHANGED',
      severity: 'error',
      message: hostile,
      coordinate: `Query.user(${hostile}:)`,
      place: {
        file: `schemas/a,b:c ${hostile}.graphql`,
        line: 3,
        column: 9,
        subgraph: hostile,
        lineText: hostile,
      },
      operations: [
        {
          name: hostile,
          place: { file: hostile, line: 2, column: 1 },
          clients: [{ name: hostile, version: hostile, count: 1 }],
        },
      ],
      details: [hostile],
      fix: hostile,
    },
    {
      code: 'PLAN_SLOWER',
      severity: 'warning',
      message: 'Me takes one step more.',
      operations: [],
      details: ['before: users, orders', 'now: users, orders, products'],
      fix: 'Keep @provides.',
    },
    {
      code: 'FIELD_ADDED',
      severity: 'note',
      message: 'The field "Product.weight" is new.',
      coordinate: 'Product.weight',
      place: { file: 'supergraph.yaml#products', line: 400, column: 1, subgraph: 'products' },
      operations: [],
      details: [],
      fix: 'Nothing is to be done.',
    },
  ],
  waived: [
    {
      finding: { ...removed, coordinate: 'Product.oldPrice' },
      owner: 'products team',
      why: hostile,
      until: '2026-12-31',
    },
  ],
};

/** A report of a check that found nothing. */
export const emptyReport: CheckReport = { base: 'main', looked: {}, findings: [], waived: [] };

/** A report with many errors. */
export function reportWith(count: number): CheckReport {
  const findings = Array.from({ length: count }, (_, n) => ({
    ...removed,
    coordinate: `Product.price${n}`,
  }));
  return { ...emptyReport, findings };
}
