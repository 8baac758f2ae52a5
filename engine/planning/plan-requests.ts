import type { OperationDefinitionNode, VariableDefinitionNode } from 'graphql';
import type {
  BatchFetchNode,
  EntityGroup,
  EntityInput,
  FetchNode,
  PlanNode,
  PlanPath,
} from '../execution/plan.ts';
import { typeText } from '../supergraph/type-nodes.ts';
import { entityInput } from './entity-input.ts';
import type { FetchGroup } from './fetch-groups.ts';
import { FetchText, type TextContext } from './fetch-text.ts';
import { directivesText, valueText, variablesIn } from './literals.ts';
import { chainsOf, type PlannedRequest, requestsOf } from './request-order.ts';
import type { Entry } from './search-state.ts';
import type { Search } from './search.ts';
import { pathOf, pathTo } from './store-paths.ts';

/** What is needed to write the requests of a plan. */
export interface WriterContext extends Omit<TextContext, 'search'> {
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | undefined;
  readonly variable: (base: string) => string;
}

type RequestContext = WriterContext & TextContext;

/** Writes and numbers the requests of an operation. */
export class RequestWriter {
  private readonly given: WriterContext;
  private readonly definitions: ReadonlyMap<string, VariableDefinitionNode>;
  private readonly directives: string;
  private readonly directiveVariables: readonly string[];
  private readonly ids = new Map<FetchGroup, string>();
  private count = 0;

  constructor(given: WriterContext) {
    this.given = given;
    const { variableDefinitions = [], directives } = given.operation;
    this.definitions = new Map(variableDefinitions.map((each) => [each.variable.name.value, each]));
    this.directives = directivesText(directives);
    this.directiveVariables = variablesIn(directives);
  }

  /**
   * Makes a group's request get an id, because a deferred part depends on it. Must be called before the request is
   * written.
   */
  requireId(group: FetchGroup): void {
    this.ids.set(group, '');
  }

  /** The id of a group's request, once it is written. */
  idOf(group: FetchGroup): string {
    return this.ids.get(group) ?? '';
  }

  /** The plan for the groups of one search; independent requests run in parallel. */
  nodeFor(
    search: Search,
    groups: readonly FetchGroup[],
    kind: FetchNode['operationKind'],
  ): PlanNode | undefined {
    const context = { ...this.given, search };
    const requests = requestsOf(groups);
    return parallel(
      chainsOf(requests).map((chain) => {
        const levels = new Map<number, PlannedRequest[]>();
        for (const request of chain) {
          const known = levels.get(request.level);
          if (known) known.push(request);
          else levels.set(request.level, [request]);
        }
        const steps = [...levels].sort(([left], [right]) => left - right);
        return sequence(
          steps.flatMap(
            ([, step]) => parallel(step.map((each) => this.write(each, kind, context))) ?? [],
          ),
        );
      }),
    );
  }

  private write(
    { groups }: PlannedRequest,
    kind: FetchNode['operationKind'],
    context: RequestContext,
  ): PlanNode {
    const [group] = groups;
    if (!group) return { kind: 'parallel', nodes: [] };
    if (group.origin !== 'entities') return this.rootFetch(group, kind, context);
    const written = this.entityGroups(groups, context);
    const [only] = written.groups;
    const [path] = only?.paths ?? [];
    const isPlain = only && written.groups.length === 1 && only.paths.length === 1;
    if (!isPlain || !path) return { kind: 'batch-fetch', ...written } satisfies BatchFetchNode;
    const { groups: _, ...operation } = written;
    const fetch: FetchNode = {
      ...operation,
      kind: 'fetch',
      entities: only.entities,
      representationsVariable: only.representationsVariable,
      outputRewrites: [],
      contextArguments: group.takesContext ? contextArgumentsOf(group) : [],
    };
    return { kind: 'flatten', path, node: fetch };
  }

  private rootFetch(
    group: FetchGroup,
    kind: FetchNode['operationKind'],
    context: RequestContext,
  ): PlanNode {
    const text = new FetchText(context);
    const selection = text.root(group.states, group.position);
    const isBelow = group.origin === 'operation';
    const fetch: FetchNode = {
      kind: 'fetch',
      ...this.nextId([group]),
      ...this.operation(group.graph, isBelow ? 'query' : kind, text, [], selection),
      entities: undefined,
      outputRewrites: [],
      contextArguments: [],
    };
    return isBelow ? { kind: 'flatten', path: pathTo(group.position), node: fetch } : fetch;
  }

  private entityGroups(
    groups: readonly FetchGroup[],
    context: RequestContext,
  ): Omit<BatchFetchNode, 'kind'> {
    const text = new FetchText(context);
    const written = new Map<
      string,
      { readonly selection: string; readonly entities: EntityInput; readonly paths: PlanPath[] }
    >();
    const contexts: string[] = [];
    for (const group of groups) {
      const selection = text.entities(group.states, group.position, group.as);
      const entities = entityInput(group, context);
      const path = pathOf(group);
      const key = `${selection} ${JSON.stringify(entities)}`;
      const known = written.get(key);
      if (known) known.paths.push(path);
      else written.set(key, { selection, entities, paths: [path] });
      if (group.takesContext) {
        for (const { variable, type } of contextUses(group)) contexts.push(`$${variable}: ${type}`);
      }
    }
    const isOne = written.size === 1;
    const own: string[] = [...new Set(contexts)];
    const fields: string[] = [];
    const planned: EntityGroup[] = [];
    for (const { selection, entities, paths } of written.values()) {
      const at = planned.length;
      const alias = isOne ? '_entities' : `_entities_${at}`;
      const base = isOne ? 'representations' : `representations_${at}`;
      const representationsVariable = this.given.variable(base);
      own.push(`$${representationsVariable}: [_Any!]!`);
      const field = `_entities(representations: $${representationsVariable})`;
      fields.push(`${isOne ? '' : `${alias}: `}${field} ${selection}`);
      planned.push({ alias, representationsVariable, paths, entities, outputRewrites: [] });
    }
    const graph = groups[0]?.graph ?? 0;
    const id = this.nextId(groups);
    const operation = this.operation(graph, 'query', text, own, `{ ${fields.join(' ')} }`);
    return { ...id, ...operation, groups: planned };
  }

  /** The id of the next request, if one is needed. */
  private nextId(groups: readonly FetchGroup[]): { readonly id?: string } {
    const awaited = groups.filter((group) => this.ids.has(group));
    if (awaited.length === 0) return {};
    const id = String(this.count);
    for (const group of awaited) this.ids.set(group, id);
    return { id };
  }

  private operation(
    graph: number,
    kind: FetchNode['operationKind'],
    text: FetchText,
    own: readonly string[],
    selection: string,
  ): Pick<FetchNode, 'subgraph' | 'operation' | 'operationKind' | 'operationName' | 'variables'> {
    const { operationName: client, index } = this.given;
    const subgraph = index.graphNames[graph] ?? '';
    const used = new Set([...text.variables, ...this.directiveVariables]);
    const variables = [...this.definitions.keys()].filter((name) => used.has(name));
    const definitions = [...own, ...variables.map((name) => this.definition(name))];
    const operationName =
      client === undefined
        ? undefined
        : `${client}__${subgraph.replaceAll(/\W/g, '_')}__${this.count}`;
    this.count += 1;
    const isBare =
      kind === 'query' &&
      operationName === undefined &&
      definitions.length === 0 &&
      this.directives === '';
    const name = operationName === undefined ? '' : ` ${operationName}`;
    const given = definitions.length === 0 ? '' : `(${definitions.join(', ')})`;
    const head = isBare ? '' : `${kind}${name}${given}${this.directives} `;
    const fragments = [...text.fragments].map(
      ([body, fragment]) => ` fragment ${fragment} ${body}`,
    );
    return {
      subgraph,
      operationKind: kind,
      operation: `${head}${selection}${fragments.join('')}`,
      operationName,
      variables,
    };
  }

  private definition(name: string): string {
    const definition = this.definitions.get(name);
    if (!definition) return '';
    const { type, defaultValue, directives } = definition;
    const byDefault = defaultValue ? ` = ${valueText(defaultValue)}` : '';
    return `$${name}: ${typeText(type)}${byDefault}${directivesText(directives)}`;
  }
}

function contextUses(group: FetchGroup): readonly NonNullable<Entry['contexts']>[number][] {
  const uses = new Map<string, NonNullable<Entry['contexts']>[number]>();
  for (const { requiring } of group.states)
    for (const use of requiring?.contexts ?? []) uses.set(use.variable, use);
  return [...uses.values()];
}

function contextArgumentsOf(group: FetchGroup): FetchNode['contextArguments'] {
  return contextUses(group).map(({ variable, levelsUp, path }) => ({
    variable,
    levelsUp,
    path: path.map((name) => ({ kind: 'key', name }) as const),
  }));
}

function sequence(nodes: readonly PlanNode[]): PlanNode {
  const [only] = nodes;
  return only && nodes.length === 1 ? only : { kind: 'sequence', nodes };
}

/** Nodes in parallel; a single node stays as it is. */
export function parallel(nodes: readonly PlanNode[]): PlanNode | undefined {
  const [only] = nodes;
  return only && nodes.length === 1
    ? only
    : nodes.length > 0
      ? { kind: 'parallel', nodes }
      : undefined;
}
