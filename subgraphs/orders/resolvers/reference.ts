import { readId } from '../../kit/ids.ts';

/** The fields of an entity representation. It comes over the network: none of them is what it should be until read. */
export type Representation = Readonly<Record<string, unknown>>;

/** The id in a representation; `undefined` when there is none that can exist. */
export function idOf({ id }: Representation): string | undefined {
  return typeof id === 'string' ? readId(id) : undefined;
}
