import { parse } from 'graphql';
import { checkSchemas } from '../../composition/check/check-schemas.ts';
import type { Comparison } from '../../composition/check/comparison.ts';
import type { Finding } from '../../composition/check/finding.ts';
import { usualSettings } from '../../composition/check/settings/check-settings.ts';
import { sideOfComposition } from '../../composition/check/side.ts';
import { composedOf, composeSchemas, type Schemas } from './composed-folder.ts';

const names = [
  ...['@key', '@shareable', '@external', '@requires', '@provides', '@override', '@inaccessible'],
  ...['@tag', '@authenticated', '@requiresScopes', '@policy', '@cost', '@listSize'],
  ...['@composeDirective', '@interfaceObject'],
];
const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ${JSON.stringify(names)})\n`;

/** The day on which schemas are checked here. */
const now = new Date('2026-11-28T12:00:00Z');

/** What a check finds between two sets of subgraphs; one that is alone is called a. Operations are given as texts. */
export async function findingsBetween(
  before: string | Schemas,
  after: string | Schemas,
  operations: readonly string[] = [],
  given: Partial<Comparison> = {},
): Promise<readonly Finding[]> {
  const [base, head] = await Promise.all(
    [before, after].map(async (schemas) =>
      sideOfComposition(composedOf(await composeSchemas(linked(schemas)))),
    ),
  );
  if (!base || !head) throw new Error('Two schemas are to be compared.');
  const known = operations.map((text) => ({
    name: /\w+ (\w+)/.exec(text)?.[1] ?? 'unnamed',
    document: parse(text, { noLocation: true }),
    clients: [],
  }));
  const comparison = {
    base,
    head,
    operations: known,
    isUsageKnown: false,
    settings: usualSettings,
    now,
    ...given,
  };
  return checkSchemas(comparison, []).findings;
}

function linked(schemas: string | Schemas): Schemas {
  const all = typeof schemas === 'string' ? { a: schemas } : schemas;
  return Object.fromEntries(Object.entries(all).map(([name, sdl]) => [name, `${link}${sdl}`]));
}
