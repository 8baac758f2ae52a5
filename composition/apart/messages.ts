import type { HowToCompose, MadeComposition } from '../compose-subgraphs.ts';
import type { SubgraphEntry } from '../config.ts';

/** What a process is to compose: the texts, since what was parsed of them is larger. */
export interface ComposeRequest {
  readonly how: HowToCompose;
  readonly subgraphs: readonly {
    readonly entry: SubgraphEntry;
    readonly file: string;
    readonly sdl: string;
  }[];
}

/** What it says: what it is at, and at last what it made. */
export type ComposeReply = { readonly stage: string } | { readonly made: MadeComposition };
