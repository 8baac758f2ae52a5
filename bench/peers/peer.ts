import type { Operation } from '../operations/operation.ts';

/** A gateway under measurement: how its process starts and where it answers. */
export interface Peer {
  /** The name on the command line and in the JSON. */
  readonly name: string;
  /** The name in tables and in the picture. */
  readonly title: string;
  /** One sentence: what runs, and with which settings. */
  readonly description: string;
  /** The packages whose installed versions the results name. */
  readonly packages: readonly string[];
  /**
   * The process: this Node with these arguments, in production mode, with nothing else in its environment but `PATH`.
   * Throws PeerNotStarted when something that it needs is not there.
   */
  start(surroundings: Surroundings): Launch;
  /** The path that answers an operation. */
  path(operation: Operation): string;
}

/** A gateway could not be started; the message says what is missing, or what it printed last. */
export class PeerNotStarted extends Error {}

/** What a gateway finds around it. */
export interface Surroundings {
  /** A free port on 127.0.0.1. */
  readonly port: number;
  /** The supergraph with the addresses of these subgraphs in it. */
  readonly supergraphPath: string;
  /** The address of each subgraph's GraphQL, by its name. */
  readonly subgraphUrls: ReadonlyMap<string, string>;
  /** Where the keys of the access tokens are published. */
  readonly jwksUrl: string;
  /** A folder for files of this run. */
  readonly folder: string;
}

/** A command line after `node`, and its environment. */
export interface Launch {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** The address of a file beside the peers, as a path. */
export function serverFile(name: string): string {
  return new URL(name, import.meta.url).pathname;
}
