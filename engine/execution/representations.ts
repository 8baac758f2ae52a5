import type { EntityInput, RequiredSelection, Rewrite } from './plan.ts';
import { isStoreObject, type StoreObject } from './store.ts';
import type { TypeIndex } from './type-index.ts';

/** Writes representations of entities as JSON text. */
export interface RepresentationWriter {
  /** `undefined` when the object lacks a required value. */
  write(entity: StoreObject): string | undefined;
  /** An empty list for one request. */
  startList(): RepresentationList;
}

/** Compiles `requires` and the input rewrites into a writer; compiles each type when it is first seen. */
export function compileRepresentation(input: EntityInput, types: TypeIndex): RepresentationWriter {
  const writer = new ObjectWriter(input.requires, input.rewrites, types, input.typename);
  return {
    write: (entity) => writer.writeEntity(entity),
    startList: () => new RepresentationList(writer),
  };
}

/** The distinct representations of the entities of a request. Equal texts mean the same entity. */
export class RepresentationList {
  /** The number of representations. */
  count = 0;
  private readonly writer: ObjectWriter;
  private text = '';
  private readonly byText = new Map<string, number>();
  /** Most entities are told apart by one value, which is a cheaper key than the whole text. */
  private readonly byType = new Map<TypeWriter, Map<string, number>>();

  constructor(writer: ObjectWriter) {
    this.writer = writer;
  }

  /** The index of the entity's representation; `undefined` when the object lacks a required value. */
  add(entity: StoreObject): number | undefined {
    const type = this.writer.writerFor(entity);
    if (!type.namesType) return undefined;
    const id = type.idFrom === undefined ? undefined : entity[type.idFrom];
    if (typeof id === 'string')
      return this.indexIn(this.idsOf(type), id, () => writeFields(type, entity));
    const text = writeFields(type, entity);
    return text === undefined ? undefined : this.indexIn(this.byText, text, () => text);
  }

  /** As a JSON list. */
  toJson(): string {
    return `[${this.text}]`;
  }

  private idsOf(type: TypeWriter): Map<string, number> {
    let ids = this.byType.get(type);
    if (!ids) this.byType.set(type, (ids = new Map<string, number>()));
    return ids;
  }

  private indexIn(
    known: Map<string, number>,
    key: string,
    write: () => string | undefined,
  ): number | undefined {
    let index = known.get(key);
    if (index !== undefined) return index;
    const text = write();
    if (text === undefined) return undefined;
    index = this.count;
    known.set(key, index);
    this.text += index === 0 ? text : `,${text}`;
    this.count += 1;
    return index;
  }
}

/** Writes objects of one type. */
interface TypeWriter {
  readonly namesType: boolean;
  /** The store key of the value that, with the type, is all of the representation. */
  readonly idFrom: string | undefined;
  readonly fields: readonly FieldWriter[];
}

interface FieldWriter {
  /** The key as JSON text, with the comma before it. */
  readonly key: string;
  readonly from: string;
  /** Other store keys that hold more of the same value. */
  readonly otherKeys: readonly string[];
  /** The JSON text of a value that does not come from the store. */
  readonly constant: string | undefined;
  readonly nested: ObjectWriter | undefined;
}

interface Field {
  readonly from: string;
  readonly otherKeys: string[];
  readonly selections: RequiredSelection[];
  readonly isLeaf: boolean;
  readonly rewrites: Rewrite[];
  constant?: string;
}

class ObjectWriter {
  private readonly selections: readonly RequiredSelection[];
  private readonly rewrites: readonly Rewrite[];
  private readonly types: TypeIndex;
  /** The type of an object without `__typename`. */
  private readonly typename: string | undefined;
  private readonly byType = new Map<string | undefined, TypeWriter>();

  constructor(
    selections: readonly RequiredSelection[],
    rewrites: readonly Rewrite[],
    types: TypeIndex,
    typename?: string,
  ) {
    this.selections = selections;
    this.rewrites = rewrites;
    this.types = types;
    this.typename = typename;
  }

  /** Like `write`, but returns `undefined` for an object of unknown type, which Federation requires. */
  writeEntity(object: StoreObject): string | undefined {
    const writer = this.writerFor(object);
    return writer.namesType ? writeFields(writer, object) : undefined;
  }

  write(object: StoreObject): string | undefined {
    return writeFields(this.writerFor(object), object);
  }

  writerFor(object: StoreObject): TypeWriter {
    const claimed = object.__typename ?? this.typename;
    // Cache only types of the supergraph: a subgraph cannot exhaust memory with invented names.
    const typename =
      typeof claimed === 'string' && this.types.isKnown(claimed) ? claimed : undefined;
    let writer = this.byType.get(typename);
    if (!writer) this.byType.set(typename, (writer = this.compile(typename)));
    return writer;
  }

  private compile(typename: string | undefined): TypeWriter {
    const fields = new Map<string, Field>();
    collect(this.selections, typename, this.types, fields);
    // Checked before the rewrites: they set `__typename` even on an object without any required fields.
    const namesType = fields.has('__typename');
    if (namesType && typename !== undefined)
      fields.set('__typename', constantField('__typename', typename));
    rewriteFields(this.rewrites, typename, this.types, fields);
    return {
      namesType,
      idFrom: typename === undefined ? undefined : onlyValueOf(fields),
      fields: [...fields].map(
        ([to, { from, otherKeys, selections, isLeaf, rewrites, constant }], index) => ({
          key: `${index === 0 ? '' : ','}${JSON.stringify(to)}:`,
          from,
          otherKeys,
          constant,
          nested: isLeaf ? undefined : new ObjectWriter(selections, rewrites, this.types),
        }),
      ),
    };
  }
}

function onlyValueOf(fields: ReadonlyMap<string, Field>): string | undefined {
  const others = [...fields].filter(([name]) => name !== '__typename').map(([, field]) => field);
  const [only] = others;
  const isAlone = others.length === 1 && only?.otherKeys.length === 0;
  return isAlone && only.isLeaf && only.constant === undefined ? only.from : undefined;
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

function valueOf(object: StoreObject, { from, otherKeys }: FieldWriter): unknown {
  return otherKeys.reduce((value, key) => mergeParts(value, object[key]), object[from]);
}

/** Merges the parts of a value that was fetched under several keys. */
function mergeParts(value: unknown, more: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(more))
    return value.map((item: unknown, index) => mergeParts(item, more[index]));
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
        if (known.from !== selection.from) known.otherKeys.push(selection.from);
      } else {
        fields.set(selection.to, {
          from: selection.from,
          otherKeys: [],
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

/** Applies the rewrites to the compiled fields, so that none is left when an entity is written. */
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
    otherKeys: [],
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
      // JSON has no infinity, but `1e999` parses to it.
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

/** JSON.stringify for a string; four times as fast for the ids that most representations hold. */
function quote(text: string): string {
  return needsEscape.test(text) ? JSON.stringify(text) : `"${text}"`;
}
