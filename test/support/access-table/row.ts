import { anonymous, type Viewer } from '../../../common/viewer.ts';
import { type Answer, user } from '../subgraph.ts';

/** The viewers of an access table: anonymous, a customer who does not own the object, its owner, an admin. */
export const viewerNames = ['nobody', 'customer', 'owner', 'admin'] as const;
export type ViewerName = (typeof viewerNames)[number];

/** The same as the subgraphs know them, with the demonstration data: john is the owner, jane another customer. */
export const viewers: Readonly<Record<ViewerName, Viewer>> = {
  nobody: anonymous,
  customer: user('2'),
  owner: user('1'),
  admin: user('3', 'admin'),
};

/** What a viewer gets: a full answer, null without an error, or an error's code. */
export type Outcome = 'answer' | 'null' | 'UNAUTHENTICATED' | 'FORBIDDEN';

/** One protected field: an operation that reads nothing else that is protected, and what each viewer gets. */
export interface AccessRow {
  /** The field's schema coordinate. */
  readonly field: string;
  readonly operation: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** By the rules of the subgraph. */
  readonly expected: Readonly<Record<ViewerName, Outcome>>;
  /** By an access directive of the schema, which the gateway judges before it asks the subgraph. */
  readonly atGateway?: Partial<Readonly<Record<ViewerName, Outcome>>>;
}

/** Each row for each viewer, with what that one gets of the subgraph. */
export function casesOf(
  rows: readonly AccessRow[],
): readonly (AccessRow & { readonly viewer: ViewerName; readonly outcome: Outcome })[] {
  return rows.flatMap((row) =>
    viewerNames.map((viewer) => ({ ...row, viewer, outcome: row.expected[viewer] })),
  );
}

/** For fields with `@authenticated`, which an anonymous viewer may not see. */
export const keepsNobodyOut = { nobody: 'UNAUTHENTICATED' } as const;

/** Where a scope or policy that only admins have keeps everybody else out. */
export const keepsAllButAdminsOut = {
  ...keepsNobodyOut,
  customer: 'FORBIDDEN',
  owner: 'FORBIDDEN',
} as const;

/** What an answer amounts to. Operations are chosen so that a full answer has no null in it. */
export function outcomeOf({ data, errors }: Answer): string {
  const [error] = errors ?? [];
  if (error) return error.extensions?.code ?? 'an error without a code';
  return hasNull(data) ? 'null' : 'answer';
}

function hasNull(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === null || value === undefined;
  return Object.values(value).some(hasNull);
}
