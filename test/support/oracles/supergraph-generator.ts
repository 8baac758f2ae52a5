import { createRandom, type Random } from './random.ts';
import { SubgraphDraft } from './supergraph-draft.ts';

/**
 * Makes up the schemas of two to five subgraphs, by name and without the federation link: the same seed, the same
 * schemas. Nearly all compose; composition alone can tell which do.
 */
export function generateSupergraph(seed: number): Readonly<Record<string, string>> {
  const drafts = new SupergraphGenerator(createRandom(seed * 2_654_435_761)).generate();
  return Object.fromEntries(drafts.map((draft) => [draft.name, draft.print()]));
}

/** A key by which an entity can be found, with the fields that it is made of. */
interface Key {
  readonly fields: string;
  readonly parts: readonly (readonly [name: string, type: string])[];
}

/** A field of an entity that one subgraph resolves. */
interface OwnedField {
  readonly name: string;
  readonly type: string;
  readonly args: string;
  readonly owner: SubgraphDraft;
}

/** An entity, which each of its subgraphs knows by some of its keys. */
interface Entity {
  readonly name: string;
  /** The keys by which a subgraph finds it. */
  readonly resolvable: Map<SubgraphDraft, Key[]>;
  readonly fields: OwnedField[];
  /** Where its interface is an object, so that it must not be defined. */
  readonly bannedFrom: Set<SubgraphDraft>;
}

const idKey: Key = { fields: 'id', parts: [['id', 'ID!']] };
const otherKeys: readonly Key[] = [
  { fields: 'sku', parts: [['sku', 'String!']] },
  {
    fields: 'code zone',
    parts: [
      ['code', 'Int!'],
      ['zone', 'String!'],
    ],
  },
  { fields: 'ref { id }', parts: [['ref', 'Ref!']] },
  {
    fields: 'number ref { id kind }',
    parts: [
      ['number', 'Int!'],
      ['ref', 'Ref!'],
    ],
  },
];

const leafTypes = ['Int', 'String', 'Float', 'Boolean', 'ID', 'Kind', 'Json'] as const;
const wrappings = ['T', 'T', 'T', 'T!', 'T!', '[T]', '[T!]', '[T!]!', '[[T]]'] as const;
const argumentLists = [
  '(x: Int)',
  '(x: Int = 3)',
  '(kind: Kind! = ONE, text: String)',
  '(filter: Filter)',
  '(filters: [Filter!] = [{ text: "t" }])',
] as const;

class SupergraphGenerator {
  private readonly random: Random;
  private readonly drafts: readonly SubgraphDraft[];
  private readonly entities: Entity[] = [];
  /** The interfaces of a subgraph that have types there. */
  private readonly abstracts = new Map<SubgraphDraft, string[]>();
  private names = 0;

  constructor(random: Random) {
    this.random = random;
    const names = ['a', 'b', 'c', 'd', 'e'].slice(0, 2 + random.below(4));
    this.drafts = names.map((name) => new SubgraphDraft(name));
  }

  generate(): readonly SubgraphDraft[] {
    const { random } = this;
    const count = 2 + random.below(3);
    for (let index = 0; index < count; index += 1) this.addEntity(`E${index}`);
    if (random.chance(0.35)) this.addInterfaceObject();
    if (random.chance(0.6)) this.addInterface('I0');
    if (random.chance(0.25)) this.addInterface('I1');
    for (const entity of this.entities) this.addOwnFields(entity);
    if (random.chance(0.5)) this.addUnion();
    for (const entity of this.entities) this.addRequirements(entity);
    for (const draft of this.drafts) this.addRootFields(draft);
    if (random.chance(0.3)) this.addSplitValue();
    for (const draft of this.drafts) this.addProvisions(draft);
    return this.drafts;
  }

  /** Subgraphs that know an entity, each joined to one before it by a key that both have. */
  private addEntity(name: string): void {
    const { random } = this;
    const entity: Entity = { name, resolvable: new Map(), fields: [], bannedFrom: new Set() };
    const size = random.chance(0.15) ? 1 : 2 + random.below(this.drafts.length - 1);
    const unused = [...this.shuffled(otherKeys)];
    const first = random.chance(0.7) ? idKey : (unused.pop() ?? idKey);
    if (first !== idKey) unused.push(idKey);
    for (const draft of this.shuffled(this.drafts).slice(0, size)) {
      const known = [...entity.resolvable];
      if (known.length === 0) {
        this.addKey(draft, entity, first);
        continue;
      }
      const [neighbour, keys] = random.chance(0.5)
        ? (known.at(-1) ?? random.pick(known))
        : random.pick(known);
      const bridge = random.chance(0.4) ? unused.pop() : undefined;
      if (bridge) this.addKey(neighbour, entity, bridge);
      const shared = bridge ?? random.pick(keys);
      this.addKey(draft, entity, shared);
      const second = random.pick(keys);
      if (random.chance(0.2)) this.addKey(draft, entity, second);
    }
    this.entities.push(entity);
  }

  private addKey(draft: SubgraphDraft, entity: Entity, key: Key): void {
    const known = entity.resolvable.get(draft) ?? [];
    if (known.includes(key)) return;
    entity.resolvable.set(draft, [...known, key]);
    this.defineKey(draft, entity.name, key, '');
  }

  private defineKey(draft: SubgraphDraft, typename: string, key: Key, more: string): void {
    draft.define(typename).directives.add(`@key(fields: "${key.fields}"${more})`);
    for (const [name, type] of key.parts) {
      draft.addField(typename, name, { type });
      this.need(draft, type);
    }
  }

  /** An interface that one subgraph has as an object: it adds fields to all types of another. */
  private addInterfaceObject(): void {
    const { random } = this;
    const [home, other, third] = this.shuffled(this.drafts);
    if (!home || !other) return;
    home.define('J', 'interface').directives.add('@key(fields: "id")');
    home.addField('J', 'id', { type: 'ID!' });
    const inherited = this.fieldSpec(home);
    home.addField('J', 'common', inherited);
    for (const name of ['JA', 'JB', 'JC'].slice(0, 2 + random.below(2))) {
      const entity: Entity = { name, resolvable: new Map(), fields: [], bannedFrom: new Set() };
      this.addKey(home, entity, idKey);
      home.define(name).interfaces.add('J');
      home.addField(name, 'common', inherited);
      entity.bannedFrom.add(other);
      if (third && random.chance(0.4)) this.addKey(third, entity, idKey);
      this.entities.push(entity);
    }
    const isResolvable = random.chance(0.85);
    const more = isResolvable ? '' : ', resolvable: false';
    other.define('J').directives.add('@interfaceObject').add(`@key(fields: "id"${more})`);
    other.addField('J', 'id', { type: 'ID!' });
    if (isResolvable) {
      for (let index = 1 + random.below(2); index > 0; index -= 1)
        other.addField('J', this.name('j'), this.fieldSpec(other));
      if (random.chance(0.4)) {
        other.addField('J', 'common', { ...inherited, directives: ['@external'] });
        this.needAll(other, inherited);
        if (this.isLeaf(inherited.type))
          other.addField('J', this.name('j'), {
            type: 'String',
            directives: [`@requires(fields: "common${literalArguments(inherited.args)}")`],
          });
        else other.define('J').fields.delete('common');
      }
    }
    this.addAbstract(home, 'J');
    this.addAbstract(other, 'J');
  }

  /** An interface of entities that have an id, of which not every subgraph knows every type. */
  private addInterface(name: string): void {
    const { random } = this;
    const hasId = (draft: SubgraphDraft, entity: Entity): boolean =>
      entity.resolvable.get(draft)?.includes(idKey) === true;
    const home = random.pick(this.drafts);
    const types = this.entities.filter((entity) => hasId(home, entity));
    if (types.length === 0) return;
    const common = this.fieldSpec(home);
    const field = this.name('f');
    home.define(name, 'interface');
    home.addField(name, 'id', { type: 'ID!' });
    home.addField(name, field, common);
    for (const entity of types) {
      home.define(entity.name).interfaces.add(name);
      home.addField(entity.name, field, common);
      entity.fields.push({ name: field, ...common, owner: home });
    }
    if (random.chance(0.4)) {
      const local = this.name('L');
      home.define(local).interfaces.add(name);
      home.addField(local, 'id', { type: 'ID!' });
      home.addField(local, field, common);
      home.addField(local, 'own', { type: 'Int', args: '(x: Int)' });
    }
    this.addAbstract(home, name);
    for (const draft of this.drafts) {
      const known = types.filter((entity) => hasId(draft, entity));
      if (draft === home || known.length === 0 || random.chance(0.5)) continue;
      draft.define(name, 'interface');
      draft.addField(name, 'id', { type: 'ID!' });
      for (const entity of known) {
        if (random.chance(0.8) || draft.types.get(entity.name) === undefined)
          draft.define(entity.name).interfaces.add(name);
      }
      const isEmpty = !known.some(({ name: type }) => draft.define(type).interfaces.has(name));
      if (isEmpty && known[0]) draft.define(known[0].name).interfaces.add(name);
      this.addAbstract(draft, name);
    }
  }

  private addUnion(): void {
    const { random } = this;
    for (const draft of this.drafts) {
      if (random.chance(0.4)) continue;
      const types = this.entities
        .filter((entity) => !entity.bannedFrom.has(draft))
        .map(({ name }) => name);
      const members = this.shuffled([...types, 'V0']).slice(0, 1 + random.below(3));
      for (const member of members) {
        this.need(draft, member);
        draft.define('U', 'union').members.add(member);
      }
      this.addAbstract(draft, 'U');
    }
  }

  private addOwnFields(entity: Entity): void {
    const { random } = this;
    const subgraphs = [...entity.resolvable.keys()];
    for (const owner of subgraphs) {
      for (let index = random.below(3) + (subgraphs.length === 1 ? 1 : 0); index > 0; index -= 1) {
        const name = this.name('f');
        const spec = this.fieldSpec(owner);
        const draw = random.next();
        const directives: string[] = [];
        const other = subgraphs.find((each) => each !== owner);
        const canMove = other && this.canHave(other, spec.type);
        if (canMove && draw < 0.12) {
          directives.push('@shareable');
          other.addField(entity.name, name, { ...spec, directives });
          this.needAll(other, spec);
        } else if (canMove && draw < 0.2) {
          directives.push(`@override(from: "${other.name}")`);
          other.addField(entity.name, name, spec);
          this.needAll(other, spec);
        } else {
          if (draw > 0.96) directives.push('@inaccessible');
          entity.fields.push({ name, ...spec, owner });
        }
        owner.addField(entity.name, name, { ...spec, directives });
      }
    }
  }

  /** Fields that need fields of other subgraphs, of which some need fields of others in turn. */
  private addRequirements(entity: Entity): void {
    const { random } = this;
    for (const owner of this.shuffled([...entity.resolvable.keys()])) {
      if (random.chance(0.5)) continue;
      const foreign = this.shuffled(entity.fields.filter((field) => field.owner !== owner))
        .filter(({ name }) => owner.types.get(entity.name)?.fields.get(name) === undefined)
        .slice(0, 1 + random.below(2));
      const required = foreign.flatMap((field) => this.require(owner, entity, field));
      if (required.length === 0) continue;
      const spec = this.fieldSpec(owner);
      const name = this.name('r');
      const directives = [`@requires(fields: "${required.join(' ')}")`];
      owner.addField(entity.name, name, { ...spec, directives });
      entity.fields.push({ name, ...spec, owner });
      if (random.chance(0.2))
        owner.addField(entity.name, this.name('r'), { ...this.fieldSpec(owner), directives });
    }
  }

  /** The field as a part of `@requires`, made known to the subgraph; nothing where that would lead too far. */
  private require(draft: SubgraphDraft, entity: Entity, field: OwnedField): string[] {
    const named = nameOf(field.type);
    if (!this.canHave(draft, named)) return [];
    let below = '';
    if (!this.isLeaf(named)) {
      const below_ = this.requireBelow(draft, named);
      if (below_ === undefined) return [];
      below = ` { ${below_} }`;
    }
    this.needAll(draft, field);
    const { name, type, args } = field;
    draft.addField(entity.name, name, { type, args, directives: ['@external'] });
    return [`${name}${literalArguments(args)}${below}`];
  }

  private requireBelow(draft: SubgraphDraft, typename: string): string | undefined {
    const { random } = this;
    if (typename === 'V0') return random.pick(['x', 'x(scale: 2) y', 'y kind', 'inner { z } y']);
    if (typename === 'V1') return 'z';
    const entity = this.entities.find(({ name }) => name === typename);
    if (!entity) return undefined;
    this.need(draft, typename);
    const known = draft.types.get(typename)?.fields ?? new Map<string, unknown>();
    const leaf = entity.fields.find(
      (field) => field.owner !== draft && !known.has(field.name) && this.isLeaf(field.type),
    );
    if (leaf && random.chance(0.6)) {
      this.needAll(draft, leaf);
      const { name, type, args } = leaf;
      draft.addField(typename, name, { type, args, directives: ['@external'] });
      return `${name}${literalArguments(args)}`;
    }
    return ['id', 'sku', 'code', 'number'].find((name) => known.has(name));
  }

  private addRootFields(draft: SubgraphDraft): void {
    const { random } = this;
    for (let index = 1 + random.below(3); index > 0; index -= 1) {
      const spec = this.fieldSpec(draft, 0.85);
      const name = this.name('q');
      const other = random.chance(0.12) ? random.pick(this.drafts) : draft;
      const isShared = other !== draft && this.canHave(other, spec.type);
      const directives = isShared ? ['@shareable'] : [];
      draft.addField('Query', name, { ...spec, directives });
      if (!isShared) continue;
      other.addField('Query', name, { ...spec, directives });
      this.needAll(other, spec);
    }
    if (random.chance(0.3)) draft.addField('Mutation', this.name('m'), this.fieldSpec(draft, 0.7));
    if (random.chance(0.1)) {
      draft.define('Payload').directives.add('@shareable');
      draft.addField('Payload', 'ok', { type: 'Boolean' });
      draft.addField('Payload', 'query', { type: 'Query' });
      draft.addField('Mutation', this.name('m'), { type: 'Payload' });
      draft.addField('Query', this.name('q'), { type: 'Payload' });
    }
  }

  /** A shared value without a key, of which each subgraph has fields of its own: the choice at the root decides. */
  private addSplitValue(): void {
    const chosen = this.shuffled(this.drafts).slice(0, 2 + this.random.below(2));
    for (const draft of chosen) {
      draft.addField('Query', 'split', { type: 'W0', directives: ['@shareable'] });
      for (const type of ['W0', 'W1']) {
        draft.define(type).directives.add('@shareable');
        draft.addField(type, 'same', { type: 'Int' });
        draft.addField(type, `of_${draft.name}`, { type: 'String', args: '(x: Int)' });
      }
      draft.addField('W0', 'inner', { type: 'W1' });
      draft.addField('W0', 'inners', { type: '[W1!]' });
    }
  }

  /** Fields along which a subgraph knows fields of others. */
  private addProvisions(draft: SubgraphDraft): void {
    for (const type of [...draft.types.values()]) {
      if (type.keyword !== 'type') continue;
      for (const field of type.fields.values()) {
        const entity = this.entities.find(({ name }) => name === nameOf(field.type));
        if (!entity || field.directives.size > 0 || !this.random.chance(0.2)) continue;
        const known = draft.types.get(entity.name)?.fields;
        const leaf = entity.fields.find(
          ({ name, owner, type: of, args }) =>
            owner !== draft && known?.has(name) === false && this.isLeaf(of) && args === '',
        );
        if (!leaf || leaf.name.startsWith('r')) continue;
        this.needAll(draft, leaf);
        draft.addField(entity.name, leaf.name, { type: leaf.type, directives: ['@external'] });
        leaf.owner.addField(entity.name, leaf.name, {
          type: leaf.type,
          directives: ['@shareable'],
        });
        field.directives.add(`@provides(fields: "${leaf.name}")`);
      }
    }
  }

  /** A type and arguments for a field of that subgraph, in which all that it needs is defined. */
  private fieldSpec(draft: SubgraphDraft, composite = 0.45): { type: string; args: string } {
    const { random } = this;
    const named = random.chance(composite) ? this.compositeType(draft) : random.pick(leafTypes);
    const type = random.pick(wrappings).replace('T', named);
    const args = random.chance(0.25) ? random.pick(argumentLists) : '';
    this.needAll(draft, { type, args });
    return { type, args };
  }

  private compositeType(draft: SubgraphDraft): string {
    const { random } = this;
    const abstracts = this.abstracts.get(draft) ?? [];
    if (abstracts.length > 0 && random.chance(0.35)) return random.pick(abstracts);
    const entities = this.entities.filter(({ bannedFrom }) => !bannedFrom.has(draft));
    if (entities.length > 0 && random.chance(0.75)) return random.pick(entities).name;
    return random.pick(['V0', 'V1']);
  }

  private needAll(draft: SubgraphDraft, { type, args }: { type: string; args: string }): void {
    this.need(draft, type);
    if (args.includes('Kind')) this.need(draft, 'Kind');
    if (args.includes('Filter')) this.need(draft, 'Filter');
  }

  /** Defines what a subgraph has to know of a type that it refers to. */
  private need(draft: SubgraphDraft, type: string): void {
    const name = nameOf(type);
    if (draft.types.has(name)) return;
    switch (name) {
      case 'Kind':
        for (const value of ['ONE', 'TWO', 'THREE']) draft.define(name, 'enum').members.add(value);
        return;
      case 'Json':
        draft.define(name, 'scalar');
        return;
      case 'Filter':
        draft.define(name, 'input').fields.set('kind', plainField('Kind = ONE'));
        draft.define(name).fields.set('text', plainField('String'));
        draft.define(name).fields.set('deep', plainField('Filter'));
        this.need(draft, 'Kind');
        return;
      case 'Ref':
        draft.define(name).directives.add('@shareable');
        draft.addField(name, 'id', { type: 'ID!' });
        draft.addField(name, 'kind', { type: 'Int!' });
        draft.addField(name, 'note', { type: 'String' });
        return;
      case 'V0':
        draft.define(name).directives.add('@shareable');
        draft.addField(name, 'x', { type: 'Int', args: '(scale: Int = 1)' });
        draft.addField(name, 'y', { type: 'String!' });
        draft.addField(name, 'kind', { type: 'Kind' });
        draft.addField(name, 'inner', { type: 'V1' });
        this.need(draft, 'V1');
        this.need(draft, 'Kind');
        return;
      case 'V1':
        draft.define(name).directives.add('@shareable');
        draft.addField(name, 'z', { type: 'Float' });
        draft.addField(name, 'many', { type: '[V1!]' });
        return;
      default:
    }
    const entity = this.entities.find((each) => each.name === name);
    if (!entity) return;
    const key = this.random.pick([...entity.resolvable.values()].flat());
    this.defineKey(draft, name, key, this.random.chance(0.5) ? ', resolvable: false' : '');
  }

  /** True when a type of another subgraph's field can be given to this one without more than its key. */
  private canHave(draft: SubgraphDraft, type: string): boolean {
    const name = nameOf(type);
    if (this.isLeaf(name) || ['V0', 'V1', 'Ref'].includes(name)) return true;
    const entity = this.entities.find((each) => each.name === name);
    return entity ? !entity.bannedFrom.has(draft) : draft.types.has(name);
  }

  private isLeaf(type: string): boolean {
    return (leafTypes as readonly string[]).includes(nameOf(type));
  }

  private addAbstract(draft: SubgraphDraft, name: string): void {
    this.abstracts.set(draft, [...(this.abstracts.get(draft) ?? []), name]);
  }

  private name(prefix: string): string {
    return `${prefix}${(this.names += 1)}`;
  }

  private shuffled<T>(items: readonly T[]): T[] {
    const rest = [...items];
    const shuffled: T[] = [];
    while (rest.length > 0) shuffled.push(...rest.splice(this.random.below(rest.length), 1));
    return shuffled;
  }
}

/** Arguments that a field set gives to a field with such a list of arguments, the defaults of inputs written out. */
function literalArguments(args: string): string {
  if (args === '') return '';
  if (args.includes('x:')) return '(x: 7)';
  if (args.includes('kind:')) return '(kind: TWO)';
  return args.includes('filters')
    ? '(filters: [{ kind: THREE, text: \\"q\\" }])'
    : '(filter: { kind: ONE, text: \\"q\\" })';
}

function plainField(type: string): { type: string; args: string; directives: Set<string> } {
  return { type, args: '', directives: new Set() };
}

/** The name of the type inside lists and non-null. */
function nameOf(type: string): string {
  return type.replaceAll(/[[\]!]/g, '');
}
