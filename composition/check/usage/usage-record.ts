import { z } from 'zod';
import { UsageError } from '../../commands/command.ts';

/** What a line of a usage log says. Times are in milliseconds; without one, something counts as just seen. */
export type UsageRecord =
  | {
      readonly kind: 'operation';
      readonly text: string;
      readonly operationName: string | undefined;
      readonly client: string;
      readonly version: string | undefined;
      readonly count: number;
      readonly lastSeen: number | undefined;
    }
  /** Requests that were counted, but not recorded. */
  | { readonly kind: 'unrecorded'; readonly count: number; readonly lastSeen: number | undefined }
  /** Since when the log counts. */
  | { readonly kind: 'since'; readonly since: number };

const time = z.union([z.int().nonnegative(), z.iso.datetime({ offset: true }), z.iso.date()]);

const operationSchema = z.object({
  operation: z.string().min(1),
  operationName: z.string().nullish(),
  client: z.string().nullish(),
  version: z.string().nullish(),
  count: z.int().nonnegative().default(1),
  lastSeen: time.nullish(),
});

/** What a gateway had no room for. */
const unrecordedSchema = z.object({ unrecorded: z.int().nonnegative(), lastSeen: time.nullish() });

/** The beginning of a log that has one line for each operation, however often it was sent. */
const sinceSchema = z.object({ since: time });

const hiveOperations = z
  .array(
    z.object({
      operationMapKey: z.string(),
      timestamp: z.number(),
      metadata: z
        .object({
          client: z.object({ name: z.string().nullish(), version: z.string().nullish() }).nullish(),
        })
        .nullish(),
    }),
  )
  .default([]);

/** The body of a usage report to Hive (its documentation: "Usage reporting", API v2). */
const hiveSchema = z.object({
  map: z.record(
    z.string(),
    z.object({ operation: z.string().min(1), operationName: z.string().nullish() }),
  ),
  operations: hiveOperations,
  subscriptionOperations: hiveOperations,
});

/** The records in the text of a log: JSON lines, or usage reports of Hive. Throws a UsageError, which names the line. */
export function recordsOf(text: string, file: string): readonly UsageRecord[] {
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
  if (hive.success) return recordsOfHive(hive.data, where);
  const rest = unrecordedSchema.safeParse(value);
  if (rest.success) {
    const { unrecorded: count, lastSeen } = rest.data;
    return [{ kind: 'unrecorded', count, lastSeen: timeOf(lastSeen) }];
  }
  const beginning = sinceSchema.safeParse(value);
  if (beginning.success) {
    return [{ kind: 'since', since: new Date(beginning.data.since).getTime() }];
  }
  const record = operationSchema.safeParse(value);
  if (!record.success) {
    const [issue] = record.error.issues;
    throw unreadable(where, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const { operation, operationName, client, version, count, lastSeen } = record.data;
  return [
    {
      kind: 'operation',
      text: operation,
      operationName: operationName ?? undefined,
      client: client ?? 'unknown',
      version: version ?? undefined,
      count,
      lastSeen: timeOf(lastSeen),
    },
  ];
}

function recordsOfHive(
  { map, operations, subscriptionOperations }: z.infer<typeof hiveSchema>,
  where: string,
): readonly UsageRecord[] {
  return [...operations, ...subscriptionOperations].map(
    ({ operationMapKey: key, timestamp, metadata }) => {
      const found = Object.hasOwn(map, key) ? map[key] : undefined;
      if (!found) throw unreadable(where, `"${key}" is not in the map of the report`);
      return {
        kind: 'operation',
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

function timeOf(lastSeen: number | string | null | undefined): number | undefined {
  return lastSeen == null ? undefined : new Date(lastSeen).getTime();
}

function unreadable(where: string, message: string): UsageError {
  return new UsageError(
    `${where}: the usage log cannot be read: ${message}`,
    'A line has {"operation": TEXT, "client": NAME, "version": VERSION, "count": NUMBER, "lastSeen": TIME}.',
  );
}
