import {
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  isTypeDefinitionNode,
  Kind,
  type TypeDefinitionNode,
} from 'graphql';
import { textOf } from '../supergraph/directive-arguments.ts';
import { directiveName, type Feature } from '../supergraph/features.ts';
import { IndexedType, type TypeLookup } from './indexed-type.ts';

/**
 * Answers the planner's questions about a supergraph: which subgraph has which field of which type, and by which keys
 * it finds an entity. Built from the `join__` directives (https://specs.apollo.dev/join); a pure function of the
 * document.
 */
export class SupergraphIndex implements TypeLookup {
  /** The names of the subgraphs; everywhere else a subgraph is an index into this list. */
  readonly graphNames: readonly string[];
  /** The types that set a context, by its name (`@context`). */
  readonly contextTypes: ReadonlyMap<string, ReadonlySet<string>>;
  private readonly graphs = new Map<string, number>();
  private readonly definitions = new Map<string, TypeDefinitionNode>();
  private readonly types = new Map<string, IndexedType>();
  private readonly members = new Map<string, ReadonlySet<string>>();
  private readonly numbers = new Map<string, number>();
  private readonly implementers = new Map<string, string[]>();
  private readonly isVisible: (name: string) => boolean;
  private readonly roots = new Map<string, string>([
    ['query', 'Query'],
    ['mutation', 'Mutation'],
    ['subscription', 'Subscription'],
  ]);

  constructor(document: DocumentNode, features: readonly Feature[], apiSchema: GraphQLSchema) {
    const names: string[] = [];
    const contexts = new Map<string, Set<string>>();
    const feature = features.find(({ name }) => name === 'context');
    const contextDirective = feature && directiveName(feature, 'context');
    for (const definition of document.definitions) {
      if (definition.kind === Kind.SCHEMA_DEFINITION) {
        for (const { operation, type } of definition.operationTypes)
          this.roots.set(operation, type.name.value);
      }
      if (!isTypeDefinitionNode(definition)) continue;
      const name = definition.name.value;
      if (name === 'join__Graph' && definition.kind === Kind.ENUM_TYPE_DEFINITION) {
        for (const value of definition.values ?? []) {
          const graph = value.directives?.find((each) => each.name.value === 'join__graph');
          this.graphs.set(value.name.value, names.length);
          names.push((graph && textOf(graph, 'name')) ?? value.name.value);
        }
        continue;
      }
      this.definitions.set(name, definition);
      if (definition.kind === Kind.OBJECT_TYPE_DEFINITION) {
        for (const each of definition.interfaces ?? []) {
          const known = this.implementers.get(each.name.value);
          if (known) known.push(name);
          else this.implementers.set(each.name.value, [name]);
        }
      }
      if (contextDirective === undefined) continue;
      for (const directive of definition.directives ?? []) {
        const context = directive.name.value === contextDirective && textOf(directive, 'name');
        if (typeof context !== 'string') continue;
        const known = contexts.get(context);
        if (known) known.add(name);
        else contexts.set(context, new Set([name]));
      }
    }
    this.graphNames = names;
    this.contextTypes = contexts;
    this.isVisible = (name) => apiSchema.getType(name) !== undefined;
  }

  type(name: string): IndexedType | undefined {
    let type = this.types.get(name);
    if (type) return type;
    const definition = this.definitions.get(name);
    if (!definition) return undefined;
    type = new IndexedType(definition, this);
    this.types.set(name, type);
    return type;
  }

  /** The name of a root type. */
  rootName(operation: string): string {
    return this.roots.get(operation) ?? '';
  }

  readonly graphOf = (directive: ConstDirectiveNode): number | undefined =>
    this.graphs.get(textOf(directive, 'graph') ?? '');

  idOfText(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) this.numbers.set(text, (number = this.numbers.size));
    return number;
  }

  /**
   * True when an object of the type matches a type condition: the type itself, one of its interfaces, or a union that
   * contains it.
   */
  applies(condition: string, typename: string): boolean {
    if (condition === typename) return true;
    const definition = this.definitions.get(condition);
    if (definition?.kind === Kind.UNION_TYPE_DEFINITION) {
      let members = this.members.get(condition);
      if (!members) {
        members = new Set(definition.types?.map(({ name }) => name.value));
        this.members.set(condition, members);
      }
      return members.has(typename);
    }
    return this.type(typename)?.interfaces.some(({ name }) => name.value === condition) === true;
  }

  possibleTypesOf({ name, isObject }: IndexedType): readonly string[] {
    if (isObject) return [name];
    const definition = this.definitions.get(name);
    const all =
      definition?.kind === Kind.UNION_TYPE_DEFINITION
        ? (definition.types ?? []).map((member) => member.name.value)
        : (this.implementers.get(name) ?? []);
    const visible = this.isVisible(name) ? all.filter(this.isVisible) : all;
    // An interface without implementations: its only objects are interface objects.
    return visible.length > 0 ? visible : [name];
  }
}
