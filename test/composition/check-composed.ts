import { parse } from 'graphql';
import { checkSchemas } from '../../composition/check/check-schemas.ts';
import type { Comparison } from '../../composition/check/comparison.ts';
import { compareContracts } from '../../composition/check/contracts/contract-comparison.ts';
import { contractSides } from '../../composition/check/contracts/contract-side.ts';
import type { Finding } from '../../composition/check/finding.ts';
import { usualSettings } from '../../composition/check/settings/check-settings.ts';
import { sideOfComposition } from '../../composition/check/side.ts';
import type { ContractEntry } from '../../composition/config.ts';
import type { TagFilter } from '../../composition/contract/hidden-elements.ts';
import type { KnownOperation } from '../../composition/operations/known-operation.ts';
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
  const [base, head] = await Promise.all([before, after].map(compositionOf));
  if (!base || !head) throw new Error('Two schemas are to be compared.');
  return checkSchemas(
    {
      base: sideOfComposition(base),
      head: sideOfComposition(head),
      operations: operations.map(knownOperation),
      settings: usualSettings,
      now,
      ...given,
    },
    [],
  ).findings;
}

/** What a check finds where contracts are made of both sides, of which the operations are. */
export async function findingsInContracts(
  [before, contractsBefore]: SchemasWithContracts,
  [after, contractsAfter]: SchemasWithContracts,
  operations: readonly string[] = [],
  given: Partial<Comparison> = {},
): Promise<readonly Finding[]> {
  const [base, head] = await Promise.all([before, after].map(compositionOf));
  if (!base || !head) throw new Error('Two schemas are to be compared.');
  const [ofBase, ofHead] = [
    contractSides(entriesOf(contractsBefore), base.supergraphSdl, base.subgraphs),
    contractSides(entriesOf(contractsAfter), head.supergraphSdl, head.subgraphs),
  ];
  const known = operations.map(knownOperation);
  const contracts = compareContracts(ofBase, ofHead, () => known);
  return findingsBetween(before, after, operations, { ...given, operations: known, contracts });
}

/** Schemas, and the filters of their contracts by name. */
export type SchemasWithContracts = readonly [
  schemas: string | Schemas,
  contracts: Readonly<Record<string, Partial<TagFilter>>>,
];

function entriesOf(filters: SchemasWithContracts[1]): readonly ContractEntry[] {
  return Object.entries(filters).map(([name, filter]) => ({
    name,
    include: [],
    exclude: [],
    output: undefined,
    ...filter,
  }));
}

async function compositionOf(schemas: string | Schemas) {
  return composedOf(await composeSchemas(linked(schemas)));
}

function knownOperation(text: string): KnownOperation {
  return {
    name: /\w+ (\w+)/.exec(text)?.[1] ?? 'unnamed',
    document: parse(text, { noLocation: true }),
    clients: [],
  };
}

function linked(schemas: string | Schemas): Schemas {
  const all = typeof schemas === 'string' ? { a: schemas } : schemas;
  return Object.fromEntries(Object.entries(all).map(([name, sdl]) => [name, `${link}${sdl}`]));
}
