import { hashOf } from './random.ts';

/**
 * What fails on the way to the subgraphs, while nothing does in the schema over everything: fields and entities throw
 * and requests are lost (`told`), or subgraphs answer null for entities as if they did not exist (`silent`).
 */
export type FaultKind = 'told' | 'silent';

/** How a request fails. */
export type LostRequest = 'unreachable' | 'an error without data' | 'data: null';

/** Says what fails: the same seed, the same faults. */
export class Faults {
  private readonly seed: number;
  private readonly kind: FaultKind;

  constructor(seed: number, kind: FaultKind) {
    this.seed = seed;
    this.kind = kind;
  }

  failsField(subgraph: string, origin: string): boolean {
    return this.kind === 'told' && this.draw(`field ${subgraph} ${origin}`) < 0.05;
  }

  entity(subgraph: string, identity: string): 'throws' | 'null' | undefined {
    if (this.draw(`entity ${subgraph} ${identity}`) >= 0.06) return undefined;
    return this.kind === 'told' ? 'throws' : 'null';
  }

  request(subgraph: string, body: string): LostRequest | undefined {
    if (this.kind === 'silent') return undefined;
    const isDown = this.draw(`subgraph ${subgraph}`) < 0.05;
    const draw = this.draw(`request ${subgraph} ${body}`);
    if (!isDown && draw >= 0.06) return undefined;
    if (isDown || draw < 0.02) return 'unreachable';
    return draw < 0.04 ? 'an error without data' : 'data: null';
  }

  private draw(text: string): number {
    return hashOf(`fault ${this.seed} ${text}`) / 2 ** 32;
  }
}
