import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { defaultCostOptions } from '../../../engine/limits/operation-demand.ts';
import { compositionCodes } from '../../code-catalogue.ts';
import { UsageError } from '../../commands/command.ts';
import { formatPlace } from '../../problem.ts';
import { readYamlSettings, unknownName } from './read-yaml-settings.ts';

const severity = z.enum(['error', 'warning', 'note', 'off'], {
  error: 'expected error, warning, note or off',
});

const settingsSchema = z.strictObject({
  severities: z.record(z.string(), severity).default({}),
  operations: z.array(z.string().min(1)).default([]),
  usage: z
    .strictObject({
      files: z.array(z.string().min(1)).default([]),
      unusedAfterDays: z.int().min(1).max(3_650).default(30),
    })
    .prefault({}),
  contracts: z
    .record(z.string(), z.strictObject({ operations: z.array(z.string().min(1)).default([]) }))
    .default({}),
  cost: z
    .strictObject({
      max: z.int().min(1).default(defaultCostOptions.max),
      listSize: z.int().min(1).default(defaultCostOptions.listSize),
    })
    .prefault({}),
});

/** What `schema-check.yaml` says. */
export type CheckSettings = z.output<typeof settingsSchema>;

/** The settings when there is no file. */
export const usualSettings: CheckSettings = settingsSchema.parse({});

/**
 * Reads `schema-check.yaml`: the weight of codes (`severities`), the globs of committed `operations`, those of
 * `contracts`, the `usage` log and after how many days without use something counts as unused, and the gateway's `cost` limit. Paths are relative to the file and returned absolute.
 */
export async function readCheckSettings(path: string, isNamed: boolean): Promise<CheckSettings> {
  const read = await readYamlSettings(path, settingsSchema, isNamed);
  if (!read) return usualSettings;
  const { values } = read;
  const codes = Object.keys(values.severities);
  // Listing them loads composition.
  const known = codes.length === 0 ? [] : compositionCodes().map(({ code }) => code);
  for (const code of codes) {
    if (known.includes(code)) continue;
    throw new UsageError(
      `${formatPlace(read.placeOf(['severities', code]))}: ${unknownName('code', code, known)}`,
      '`supergraph explain` lists all codes.',
    );
  }
  const folder = dirname(resolve(path));
  const whole = (paths: readonly string[]): string[] => paths.map((each) => resolve(folder, each));
  return {
    ...values,
    operations: whole(values.operations),
    contracts: Object.fromEntries(
      Object.entries(values.contracts).map(
        ([name, contract]) => [name, { operations: whole(contract.operations) }] as const,
      ),
    ),
    usage: { ...values.usage, files: whole(values.usage.files) },
  };
}
