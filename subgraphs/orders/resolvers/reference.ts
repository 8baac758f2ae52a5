import { readId } from '../../kit/ids.ts';

/** The fields of an entity representation. It comes from the network, so nothing is trusted until validated. */
export type Representation = Readonly<Record<string, unknown>>;

/** The id of a representation; `undefined` when it is missing or impossible. */
export function idOf({ id }: Representation): string | undefined {
  return typeof id === 'string' ? readId(id) : undefined;
}
