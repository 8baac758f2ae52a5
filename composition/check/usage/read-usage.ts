import { parse } from 'graphql';
import { z } from 'zod';
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

const dayMs = 86_400_000;

/** Which operations clients sent lately. */
export interface Usage {
  readonly operations: readonly KnownOperation[];
  /** How many records there were, those that are too old included. */
  readonly records: number;
  /** How many requests of these days a gateway did not record: with one, whether something is unused cannot be told. */
  readonly unrecorded: number;
}

interface UsageRecord {
  /** Absent for requests that were counted, but not recorded. */
  readonly text: string | undefined;
  readonly operationName: string | undefined;
  readonly client: string;
  readonly version: string | undefined;
  readonly count: number;
  /** In milliseconds; something without a time counts as just seen. */
  readonly lastSeen: number | undefined;
}

const time = z.union([z.int().nonnegative(), z.iso.datetime({ offset: true }), z.iso.date()]);

const recordSchema = z.object({
  operation: z.string().min(1),
  operationName: z.string().nullish(),
  client: z.string().nullish(),
  version: z.string().nullish(),
  count: z.int().nonnegative().default(1),
  lastSeen: time.nullish(),
});

/** What a gateway had no room for. */
const unrecordedSchema = z.object({ unrecorded: z.int().nonnegative(), lastSeen: time.nullish() });

const hiveClient = z
  .object({
    client: z.object({ name: z.string().nullish(), version: z.string().nullish() }).nullish(),
  })
  .nullish();

/** The body of a usage report to Hive (its documentation: "Usage reporting", API v2). */
const hiveSchema = z.object({
  map: z.record(
    z.string(),
    z.object({ operation: z.string().min(1), operationName: z.string().nullish() }),
  ),
  operations: z
    .array(z.object({ operationMapKey: z.string(), timestamp: z.number(), metadata: hiveClient }))
    .default([]),
  subscriptionOperations: z
    .array(z.object({ operationMapKey: z.string(), timestamp: z.number(), metadata: hiveClient }))
    .default([]),
});

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
    for (const record of await recordsOf(path)) records.push(record);
  }
  const since = now.getTime() - unusedAfterDays * dayMs;
  const recent = records.filter(({ lastSeen = now.getTime() }) => lastSeen >= since);
  if (recent.length === 0) {
    throw new UsageError(
      `The usage log (${patterns.map(displayPath).join(', ')}) has no operation of the last ${unusedAfterDays} days: whether something is used cannot be told.`,
      'Give a log that is up to date, or more days: usage.unusedAfterDays in schema-check.yaml.',
    );
  }
  const unrecorded = recent.reduce(
    (sum, { text, count }) => sum + (text === undefined ? count : 0),
    0,
  );
  return { operations: operationsOf(recent), records: records.length, unrecorded };
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

async function recordsOf(path: string): Promise<readonly UsageRecord[]> {
  const file = displayPath(path);
  let text: string;
  try {
    text = await readTextFile(path);
  } catch (error) {
    throw new UsageError(`Cannot read the usage log ${file}: ${messageOf(error)}`);
  }
  const whole = jsonOf(text);
  if (Array.isArray(whole)) return whole.flatMap((each: unknown) => recordsIn(each, file));
  if (whole !== undefined) return recordsIn(whole, file);
  return wholeLinesOf(text).flatMap((line, at) =>
    line.trim() === '' ? [] : recordsIn(jsonOf(line), `${file}:${at + 1}`),
  );
}

/** Without the beginning of a line at the end: a gateway is writing it, or was killed meanwhile. */
function wholeLinesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  const last = lines.at(-1) ?? '';
  const isCut = lines.length > 1 && last.startsWith('{') && jsonOf(last) === undefined;
  return isCut ? lines.slice(0, -1) : lines;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function recordsIn(value: unknown, where: string): readonly UsageRecord[] {
  const hive = hiveSchema.safeParse(value);
  if (hive.success) {
    const { map, operations, subscriptionOperations } = hive.data;
    return [...operations, ...subscriptionOperations].map(
      ({ operationMapKey: key, timestamp, metadata }) => {
        const found = Object.hasOwn(map, key) ? map[key] : undefined;
        if (!found) throw unreadable(where, `"${key}" is not in the map of the report`);
        return {
          text: found.operation,
          operationName: found.operationName ?? undefined,
          client: metadata?.client?.name ?? 'unknown',
          version: metadata?.client?.version ?? undefined,
          count: 1,
          lastSeen: timestamp,
        };
      },
    );
  }
  const rest = unrecordedSchema.safeParse(value);
  if (rest.success) {
    const { unrecorded: count, lastSeen } = rest.data;
    return [
      {
        text: undefined,
        operationName: undefined,
        client: 'unknown',
        version: undefined,
        count,
        lastSeen: timeOf(lastSeen),
      },
    ];
  }
  const record = recordSchema.safeParse(value);
  if (!record.success) {
    const [issue] = record.error.issues;
    throw unreadable(where, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const { operation, operationName, client, version, count, lastSeen } = record.data;
  return [
    {
      text: operation,
      operationName: operationName ?? undefined,
      client: client ?? 'unknown',
      version: version ?? undefined,
      count,
      lastSeen: timeOf(lastSeen),
    },
  ];
}

function timeOf(lastSeen: number | string | null | undefined): number | undefined {
  return lastSeen == null ? undefined : new Date(lastSeen).getTime();
}

function unreadable(where: string, message: string): UsageError {
  return new UsageError(
    `${where}: the usage log cannot be read: ${message}`,
    'A line has {"operation": TEXT, "client": NAME, "version": VERSION, "count": NUMBER, "lastSeen": TIME}.',
  );
}

function operationsOf(records: readonly UsageRecord[]): readonly KnownOperation[] {
  const parsed = new Map<string, KnownOperation & { readonly hash: string }>();
  const byHash = new Map<string, Map<string, Client>>();
  for (const { text, operationName, client, version, count } of records) {
    if (text === undefined) continue;
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
