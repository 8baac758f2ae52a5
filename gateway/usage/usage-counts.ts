import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../common/clock.ts';
import { clientNameOf } from './client-name.ts';

/** How much is counted between two flushes. */
export interface UsageLimits {
  readonly maxOperations: number;
  readonly maxClients: number;
  /** Of all lines together. */
  readonly maxBytes: number;
}

/** Counts a request of one operation. */
export type CountUse = (headers: IncomingHttpHeaders) => void;

/** How often a client sent an operation. */
interface Tally {
  /** The headers as sent, by which the next request finds this. */
  readonly name: IncomingHttpHeaders[string];
  readonly version: IncomingHttpHeaders[string];
  /** The beginning of the line. */
  readonly head: string;
  count: number;
  lastSeen: number;
}

/** What was counted of an operation since the last flush. */
interface Uses {
  readonly tallies: Map<string, Tally>;
  /** Most requests of an operation come from the client of the one before. */
  latest: Tally | undefined;
}

/** What was counted since the last flush. */
export interface CountedUsage {
  /** A line of JSON each, with its end. */
  readonly lines: readonly string[];
  /** How many requests they count. */
  readonly requests: number;
}

/**
 * Counts requests by operation, client and version, in bounded memory. What is over a bound is counted too, as requests
 * that are not recorded.
 */
export class UsageCounts {
  private readonly limits: UsageLimits;
  private readonly clock: Clock;
  private operations = new Map<string, Uses>();
  private clients = new Set<string>();
  private bytes = 0;
  private unrecorded = 0;
  /** Changes with each flush. */
  private round = 0;

  constructor(limits: UsageLimits, clock: Clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /** Prepares counting an operation, by its text; the function is called for each request. */
  counterOf(text: string): CountUse {
    const head = `{"operation":${JSON.stringify(text)}`;
    let uses: Uses | undefined;
    let round = -1;
    return (headers) => {
      if (round !== this.round) {
        uses = this.usesOf(head);
        // One that found no room tries again: a flush may have made some.
        if (uses) round = this.round;
      }
      const name = headers['apollographql-client-name'];
      const version = headers['apollographql-client-version'];
      let tally = uses?.latest;
      if (!tally || tally.name !== name || tally.version !== version) {
        tally = uses && this.tallyOf(uses, head, name, version);
        if (!tally) {
          this.unrecorded += 1;
          return;
        }
      }
      tally.count += 1;
      tally.lastSeen = this.clock.now();
    };
  }

  /** Counts requests whose lines could not be written. */
  addUnrecorded(requests: number): void {
    this.unrecorded += requests;
  }

  /** Everything counted since the last call. */
  take(): CountedUsage {
    const lines: string[] = [];
    let requests = this.unrecorded;
    for (const uses of this.operations.values()) {
      for (const { head, count, lastSeen } of uses.tallies.values()) {
        requests += count;
        lines.push(`${head},"count":${count},"lastSeen":"${new Date(lastSeen).toISOString()}"}\n`);
      }
      // Counters of operations that are not sent again still refer to it.
      uses.tallies.clear();
      uses.latest = undefined;
    }
    if (this.unrecorded > 0) {
      const lastSeen = new Date(this.clock.now()).toISOString();
      lines.push(`${JSON.stringify({ unrecorded: this.unrecorded, lastSeen })}\n`);
    }
    this.operations = new Map();
    this.clients = new Set();
    this.bytes = 0;
    this.unrecorded = 0;
    this.round += 1;
    return { lines, requests };
  }

  private usesOf(head: string): Uses | undefined {
    const known = this.operations.get(head);
    if (known || this.operations.size >= this.limits.maxOperations) return known;
    const uses: Uses = { tallies: new Map(), latest: undefined };
    this.operations.set(head, uses);
    return uses;
  }

  private tallyOf(
    uses: Uses,
    head: string,
    nameHeader: Tally['name'],
    versionHeader: Tally['version'],
  ): Tally | undefined {
    const { client, version } = this.admit(clientNameOf(nameHeader), clientNameOf(versionHeader));
    const key = keyOf(client, version);
    let tally = uses.tallies.get(key);
    if (!tally) {
      const line = `${head}${member('client', client)}${member('version', version)}`;
      if (this.bytes + line.length > this.limits.maxBytes) return undefined;
      this.bytes += line.length;
      tally = { name: nameHeader, version: versionHeader, head: line, count: 0, lastSeen: 0 };
      uses.tallies.set(key, tally);
    }
    uses.latest = tally;
    return tally;
  }

  /** The client itself, or the one that stands for those over the limit. */
  private admit(
    client: string | undefined,
    version: string | undefined,
  ): { readonly client: string | undefined; readonly version: string | undefined } {
    const key = keyOf(client, version);
    if (this.clients.has(key)) return { client, version };
    if (this.clients.size >= this.limits.maxClients) return { client: 'other', version: undefined };
    this.clients.add(key);
    return { client, version };
  }
}

function keyOf(client = '', version = ''): string {
  return `${client}\n${version}`;
}

function member(name: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${name}":${JSON.stringify(value)}`;
}
