import type { EntityInput, RequiredSelection, Rewrite } from './plan.ts';
import { isStoreObject, type StoreObject } from './store.ts';
import type { TypeIndex } from './type-index.ts';

/**
 * Writes the representation of an entity as JSON text; `undefined` when the object lacks something the subgraph
 * needs. Equal texts are the same entity, so the text is also the key for de-duplication.
 */
export type RepresentationWriter = (entity: StoreObject) => string | undefined;

/** Compiles `requires` and the input rewrites into a writer; each type is compiled when it is first met. */
export function compileRepresentation(input: EntityInput, types: TypeIndex): RepresentationWriter {
  const writer = new ObjectWriter(input.requires, input.rewrites, types);
  return (entity) => writer.writeEntity(entity);
}

/** How objects of one type are written. */
interface TypeWriter {
  readonly namesType: boolean;
  readonly fields: readonly FieldWriter[];
}

interface FieldWriter {
  /** The key as JSON text with what stands before it. */
  readonly key: string;
  readonly from: string;
  /** Keys that hold more of the same value. */
  readonly also: readonly string[];
  /** JSON text of a value that does not come from the store. */
  readonly constant: string | undefined;
  readonly nested: ObjectWriter | undefined;
}

interface Field {
  readonly from: string;
  readonly also: string[];
  readonly selections: RequiredSelection[];
  readonly isLeaf: boolean;
  readonly rewrites: Rewrite[];
  constant?: string;
}

class ObjectWriter {
  private readonly selections: readonly RequiredSelection[];
  private readonly rewrites: readonly Rewrite[];
  private readonly types: TypeIndex;
  private readonly byType = new Map<string | undefined, TypeWriter>();

  constructor(
    selections: readonly RequiredSelection[],
    rewrites: readonly Rewrite[],
    types: TypeIndex,
  ) {
    this.selections = selections;
    this.rewrites = rewrites;
    this.types = types;
  }

  /** As `write`, and `undefined` for what would carry no `__typename`, which Federation demands. */
  writeEntity(object: StoreObject): string | undefined {
    const writer = this.writerFor(object);
    return writer.namesType ? writeFields(writer, object) : undefined;
  }

  write(object: StoreObject): string | undefined {
    return writeFields(this.writerFor(object), object);
  }

  private writerFor(object: StoreObject): TypeWriter {
    const claimed = object.__typename;
    // Only types of the supergraph are remembered: a subgraph cannot fill the memory with invented ones.
    const typename =
      typeof claimed === 'string' && this.types.isKnown(claimed) ? claimed : undefined;
    let writer = this.byType.get(typename);
    if (!writer) this.byType.set(typename, (writer = this.compile(typename)));
    return writer;
  }

  private compile(typename: string | undefined): TypeWriter {
    const fields = new Map<string, Field>();
    collect(this.selections, typename, this.types, fields);
    // Before the rewrites: they name the type of any object, also of one that nothing is required of.
    const namesType = fields.has('__typename');
    rewriteFields(this.rewrites, typename, this.types, fields);
    return {
      namesType,
      fields: [...fields].map(
        ([to, { from, also, selections, isLeaf, rewrites, constant }], index) => ({
          key: `${index === 0 ? '' : ','}${JSON.stringify(to)}:`,
          from,
          also,
          constant,
          nested: isLeaf ? undefined : new ObjectWriter(selections, rewrites, this.types),
        }),
      ),
    };
  }
}

function writeFields(writer: TypeWriter, object: StoreObject): string | undefined {
  let text = '{';
  for (const field of writer.fields) {
    const value = field.constant ?? writeValue(valueOf(object, field), field.nested);
    if (value === undefined) return undefined;
    text += field.key + value;
  }
  return `${text}}`;
}

function valueOf(object: StoreObject, { from, also }: FieldWriter): unknown {
  return also.reduce((value, key) => withMore(value, object[key]), object[from]);
}

/** One value that was fetched in two parts, under different keys. */
function withMore(value: unknown, more: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(more))
    return value.map((item: unknown, index) => withMore(item, more[index]));
  return isStoreObject(value) && isStoreObject(more) ? { ...value, ...more } : value;
}

function collect(
  selections: readonly RequiredSelection[],
  typename: string | undefined,
  types: TypeIndex,
  fields: Map<string, Field>,
): void {
  for (const selection of selections) {
    if (selection.kind === 'field') {
      const known = fields.get(selection.to);
      if (known) {
        for (const each of selection.selections ?? []) known.selections.push(each);
        if (known.from !== selection.from) known.also.push(selection.from);
      } else {
        fields.set(selection.to, {
          from: selection.from,
          also: [],
          selections: [...(selection.selections ?? [])],
          isLeaf: selection.selections === undefined,
          rewrites: [],
        });
      }
    } else if (typename !== undefined && types.applies(selection.typeCondition, typename)) {
      collect(selection.selections, typename, types, fields);
    }
  }
}

/** Carries the rewrites out on the compiled fields, so that none is left to do when an entity is written. */
function rewriteFields(
  rewrites: readonly Rewrite[],
  typename: string | undefined,
  types: TypeIndex,
  fields: Map<string, Field>,
): void {
  let current = typename;
  for (const rewrite of rewrites) {
    const keyAt = rewrite.path.findIndex(({ kind }) => kind === 'key');
    const segment = rewrite.path[keyAt];
    if (segment?.kind !== 'key') continue;
    const conditions = rewrite.path.slice(0, keyAt);
    if (!conditions.every((condition) => holds(condition, current, types))) continue;
    const field = fields.get(segment.name);
    const below = rewrite.path.slice(keyAt + 1);
    if (below.length > 0) field?.rewrites.push({ ...rewrite, path: below });
    else if (rewrite.kind === 'set') {
      fields.set(segment.name, constantField(segment.name, rewrite.value));
      if (segment.name === '__typename') current = rewrite.value;
    } else if (field) {
      fields.delete(segment.name);
      fields.set(rewrite.to, field);
    }
  }
}

function holds(
  condition: Rewrite['path'][number],
  typename: string | undefined,
  types: TypeIndex,
): boolean {
  if (condition.kind === 'key' || typename === undefined) return true;
  return condition.names.some((name) => types.applies(name, typename));
}

function constantField(from: string, value: string): Field {
  return {
    from,
    also: [],
    selections: [],
    isLeaf: true,
    rewrites: [],
    constant: JSON.stringify(value),
  };
}

function writeValue(value: unknown, nested: ObjectWriter | undefined): string | undefined {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      // JSON has no infinity, but `1e999` parses to one.
      return Number.isFinite(value) ? String(value) : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (!nested) return JSON.stringify(value);
      if (Array.isArray(value)) return writeList(value, nested);
      return isStoreObject(value) ? nested.write(value) : undefined;
    default:
      return undefined;
  }
}

function writeList(items: readonly unknown[], nested: ObjectWriter): string | undefined {
  let text = '';
  for (const item of items) {
    const written = writeValue(item, nested);
    if (written === undefined) return undefined;
    text += text === '' ? written : `,${written}`;
  }
  return `[${text}]`;
}

const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/;

/** JSON.stringify for a string, four times as fast for the ids that representations are made of. */
function quote(text: string): string {
  return needsEscape.test(text) ? JSON.stringify(text) : `"${text}"`;
}
