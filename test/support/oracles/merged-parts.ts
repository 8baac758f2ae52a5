/** What a client has after the last part of a response. */
export interface MergedParts {
  readonly data: unknown;
  /** The paths of all errors, of whichever part; `undefined` for an error without one. */
  readonly errorPaths: readonly (Path | undefined)[];
  readonly partCount: number;
  /** What is wrong with the parts themselves. */
  readonly mistakes: readonly string[];
}

type Path = readonly (string | number)[];

interface PartError {
  readonly path?: Path;
}

interface Part {
  readonly id?: string;
  readonly path?: Path;
  readonly label?: string;
  readonly data?: unknown;
  readonly errors?: readonly PartError[];
}

interface Payload extends Part {
  readonly hasNext?: boolean;
  readonly pending?: readonly Part[];
  readonly incremental?: readonly Part[];
  readonly completed?: readonly Part[];
}

/** Merges the payloads of a response as a client does, in either format, and notes what no client could read. */
export function mergeParts(texts: readonly string[]): MergedParts {
  const [initial = {}, ...others] = texts.map((text) => JSON.parse(text) as Payload);
  const merging = new Merging(initial.data);
  merging.take(initial, texts.length === 1);
  others.forEach((payload, index) => merging.take(payload, index === others.length - 1));
  return merging.result();
}

class Merging {
  private readonly data: unknown;
  private readonly errorPaths: (Path | undefined)[] = [];
  private readonly mistakes: string[] = [];
  private readonly pending = new Map<string, Path>();
  private partCount = 0;

  constructor(data: unknown) {
    this.data = data;
  }

  take(payload: Payload, isLast: boolean): void {
    if ((payload.hasNext ?? false) === isLast) this.mistakes.push('hasNext is wrong');
    this.noteErrors(payload.errors, []);
    for (const { id = '', path = [] } of payload.pending ?? []) {
      if (this.pending.has(id)) this.mistakes.push(`the id ${id} is announced twice`);
      this.pending.set(id, path);
      this.partCount += 1;
    }
    for (const part of payload.incremental ?? []) this.add(part);
    for (const { id = '', errors } of payload.completed ?? []) {
      const path = this.pending.get(id);
      if (!path) this.mistakes.push(`the id ${id} is completed and not pending`);
      this.noteErrors(errors, path ?? []);
      this.pending.delete(id);
    }
  }

  result(): MergedParts {
    const { data, errorPaths, partCount } = this;
    const open = [...this.pending.keys()].map((id) => `the id ${id} is never completed`);
    return { data, errorPaths, partCount, mistakes: [...this.mistakes, ...open] };
  }

  private add({ id, path, data, errors }: Part): void {
    const at = id === undefined ? path : this.pending.get(id);
    if (id === undefined) this.partCount += 1;
    if (!at) {
      this.mistakes.push('a part without a place');
      return;
    }
    this.noteErrors(errors, at);
    if (data === null && !errors?.length) this.mistakes.push(`no error explains ${at.join('.')}`);
    const target = at.reduce<unknown>(stepInto, this.data);
    if (!isObject(target)) this.mistakes.push(`no object is at ${at.join('.')}`);
    else if (isObject(data)) mergeInto(target, data);
  }

  private noteErrors(errors: readonly PartError[] = [], at: Path): void {
    for (const { path } of errors) {
      if (path && !at.every((step, index) => path[index] === step))
        this.mistakes.push(`an error at ${path.join('.')} in the part at ${at.join('.')}`);
      this.errorPaths.push(path);
    }
  }
}

function mergeInto(target: Record<string, unknown>, source: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(source)) {
    const known = stepInto(target, key);
    if (isObject(known) && isObject(value)) mergeInto(known, value);
    else if (Array.isArray(known) && Array.isArray(value)) mergeLists(known, value);
    else if (known === undefined || known === null)
      // A key may be `__proto__`.
      Object.defineProperty(target, key, {
        value,
        enumerable: true,
        writable: true,
        configurable: true,
      });
  }
}

function mergeLists(target: unknown[], source: readonly unknown[]): void {
  for (const [index, value] of source.entries()) {
    const known = target[index];
    if (isObject(known) && isObject(value)) mergeInto(known, value);
    else if (Array.isArray(known) && Array.isArray(value)) mergeLists(known, value);
  }
}

function stepInto(value: unknown, step: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Readonly<Record<string | number, unknown>>)[step]
    : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
