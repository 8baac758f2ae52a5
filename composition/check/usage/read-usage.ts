import { parse } from 'graphql';
import { messageOf } from '../../../common/errors.ts';
import { UsageError } from '../../commands/command.ts';
import { displayPath } from '../../config.ts';
import { findFiles } from '../../operations/find-files.ts';
import {
  hashOf,
  type KnownOperation,
  nameOfOperation,
  operationOf,
} from '../../operations/known-operation.ts';
import { readTextFile } from '../../read-text.ts';
import type { Client } from '../finding.ts';
import { gapOf } from './usage-gap.ts';
import { recordsOf, type UsageRecord } from './usage-record.ts';

const dayMs = 86_400_000;

/** Which operations clients sent lately. */
export interface Usage {
  readonly operations: readonly KnownOperation[];
  /** How many records of operations there were, those that are too old included. */
  readonly records: number;
  /** Why whether something is unused cannot be told, in a sentence; absent when it can. */
  readonly gap: string | undefined;
}

type OperationRecord = Extract<UsageRecord, { kind: 'operation' }>;

/**
 * Reads usage logs, which patterns name: a JSON object a line, with the text of an `operation`, its `client`, `version`, `count` and `lastSeen`,
 * or Hive's usage reports. Throws a UsageError for what cannot be read, and for logs that say nothing of the days that count.
 */
export async function readUsage(
  patterns: readonly string[],
  unusedAfterDays: number,
  now: Date,
): Promise<Usage> {
  const records: UsageRecord[] = [];
  for (const path of await filesOf(patterns)) {
    for (const record of await recordsIn(path)) records.push(record);
  }
  const begin = now.getTime() - unusedAfterDays * dayMs;
  const isRecent = (each: UsageRecord): boolean =>
    each.kind !== 'since' && (each.lastSeen ?? now.getTime()) >= begin;
  if (!records.some(isRecent)) {
    throw new UsageError(
      `The usage log (${patterns.map(displayPath).join(', ')}) has no operation of the last ${unusedAfterDays} days: whether something is used cannot be told.`,
      'Give a log that is up to date, or more days: usage.unusedAfterDays in schema-check.yaml.',
    );
  }
  const ofOperations = records.filter((each) => each.kind === 'operation');
  return {
    operations: operationsOf(ofOperations.filter(isRecent)),
    records: ofOperations.length,
    gap: gapOf(records, unusedAfterDays, now),
  };
}

/** Each once, whichever pattern names it. */
async function filesOf(patterns: readonly string[]): Promise<ReadonlySet<string>> {
  const files = new Set<string>();
  for (const pattern of patterns) {
    const found = await findFiles(pattern).catch((error: unknown) => {
      throw new UsageError(`Cannot look for the usage log ${pattern}: ${messageOf(error)}`);
    });
    if (found.length === 0) {
      throw new UsageError(`No file is a usage log as ${displayPath(pattern)} names them.`);
    }
    for (const file of found) files.add(file);
  }
  return files;
}

async function recordsIn(path: string): Promise<readonly UsageRecord[]> {
  const file = displayPath(path);
  let text: string;
  try {
    text = await readTextFile(path);
  } catch (error) {
    throw new UsageError(`Cannot read the usage log ${file}: ${messageOf(error)}`);
  }
  return recordsOf(text, file);
}

function operationsOf(records: readonly OperationRecord[]): readonly KnownOperation[] {
  const parsed = new Map<string, KnownOperation & { readonly hash: string }>();
  const byHash = new Map<string, Map<string, Client>>();
  for (const { text, operationName, client, version, count } of records) {
    const known = parsed.get(text) ?? parseRecord(text, operationName);
    parsed.set(text, known);
    const clients = byHash.get(known.hash) ?? new Map<string, Client>();
    byHash.set(known.hash, clients);
    const key = `${client}\n${version ?? ''}`;
    const before = clients.get(key)?.count ?? 0;
    clients.set(key, {
      name: client,
      ...(version !== undefined && { version }),
      count: before + count,
    });
  }
  const operations = new Map([...parsed.values()].map((each) => [each.hash, each]));
  return [...operations.values()].map(({ hash, name, document }) => ({
    name,
    document,
    clients: [...(byHash.get(hash)?.values() ?? [])].sort(mostFirst),
  }));
}

function parseRecord(text: string, operationName: string | undefined) {
  try {
    const document = parse(text, { noLocation: true });
    const name = operationName ?? nameOfOperation(operationOf(document), document);
    return { name, document, clients: [], hash: hashOf(document) };
  } catch (error) {
    throw new UsageError(
      `The usage log has an operation that cannot be read: ${messageOf(error)}: ${text.slice(0, 80)}`,
    );
  }
}

function mostFirst(left: Client, right: Client): number {
  return right.count - left.count || (nameOf(left) < nameOf(right) ? -1 : 1);
}

function nameOf({ name, version = '' }: Client): string {
  return `${name} ${version}`;
}
