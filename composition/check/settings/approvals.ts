import { z } from 'zod';
import { compositionCodes } from '../../code-catalogue.ts';
import { UsageError } from '../../commands/command.ts';
import { formatPlace, type SourcePlace } from '../../problem.ts';
import { readYamlSettings, unknownName } from './read-yaml-settings.ts';

/** A finding that somebody lets pass for a time. */
export interface Approval {
  readonly code: string;
  /** The schema coordinate of the finding, or the name of the operation where it has none; absent for one of a whole contract. */
  readonly coordinate: string | undefined;
  /** The contract where alone it is found; absent for what is found in the whole graph. */
  readonly contract: string | undefined;
  readonly owner: string;
  /** The last day it holds, `YYYY-MM-DD`, in UTC. */
  readonly until: string;
  readonly why: string;
  readonly place: SourcePlace;
}

const text = z.string().trim().min(1, 'expected a text');

const approvalsSchema = z.strictObject({
  approvals: z
    .array(
      z
        .strictObject({
          code: text,
          coordinate: text.optional(),
          contract: text.optional(),
          owner: text,
          until: z.iso.date('expected a day as YYYY-MM-DD'),
          why: text,
        })
        .refine(({ coordinate, contract }) => coordinate ?? contract, {
          path: ['coordinate'],
          error: 'expected the coordinate of the finding, or its contract',
        }),
    )
    .default([]),
});

/** Reads `schema-approvals.yaml`. */
export async function readApprovals(path: string, isNamed: boolean): Promise<readonly Approval[]> {
  const read = await readYamlSettings(path, approvalsSchema, isNamed);
  if (!read) return [];
  const { length } = read.values.approvals;
  // Listing them loads composition.
  const known = length === 0 ? [] : compositionCodes().map(({ code }) => code);
  return read.values.approvals.map((approval, at) => {
    if (!known.includes(approval.code)) {
      throw new UsageError(
        `${formatPlace(read.placeOf(['approvals', at, 'code']))}: ${unknownName('code', approval.code, known)}`,
        '`supergraph explain` lists all codes.',
      );
    }
    const { coordinate, contract } = approval;
    return { ...approval, coordinate, contract, place: read.placeOf(['approvals', at]) };
  });
}
