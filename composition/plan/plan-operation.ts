import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  type Source,
  validate,
} from 'graphql';
import { messageOf } from '../../common/errors.ts';
import type { QueryPlan } from '../../engine/execution/plan.ts';
import { conditionVariables } from '../../engine/planning/conditions.ts';
import { createOwnPlanner } from '../../engine/planning/own-planner.ts';
import { readSupergraph, type Supergraph } from '../../engine/supergraph/supergraph.ts';
import { placeIn, placesOf } from '../locate.ts';
import { fragmentsOf, operationsIn } from '../operations/known-operation.ts';
import type { CompositionProblem } from '../problem.ts';

/** The operation to plan. */
export interface PlanOptions {
  readonly supergraphSdl: string;
  readonly source: Source;
  /** The operation's name; optional when there is only one. */
  readonly operationName: string | undefined;
  /** Variable values: those used in `@skip` and `@include` affect the plan. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The active labels of progressive `@override`. */
  readonly labels: readonly string[];
}

/** A plan, or the reason why there is none. */
export type PlanResult =
  | { readonly ok: true; readonly plan: QueryPlan }
  | { readonly ok: false; readonly problems: readonly CompositionProblem[] };

/** Plans an operation as the gateway does. */
export function planOperation(options: PlanOptions): PlanResult {
  const { supergraphSdl, source } = options;
  let supergraph: Supergraph;
  try {
    supergraph = readSupergraph(supergraphSdl);
  } catch (error) {
    return failed('SUPERGRAPH_INVALID', messageOf(error), 'Compose it again.');
  }
  const parsed = parsedOn(supergraph.apiSchema, source);
  return 'problems' in parsed ? { ok: false, ...parsed } : planOn(supergraph, parsed, options);
}

function planOn(
  supergraph: Supergraph,
  document: DocumentNode,
  { operationName, variables, labels }: PlanOptions,
): PlanResult {
  const operations = operationsIn(document);
  const operation = operations.find(
    ({ name }) => operationName === undefined || name?.value === operationName,
  );
  if (!operation || (operationName === undefined && operations.length > 1)) {
    const names = operations.map(({ name }) => name?.value ?? 'an operation without a name');
    return failed(
      'OPERATION_NOT_CHOSEN',
      operationName === undefined
        ? `The document has ${operations.length} operations.`
        : `The document has no operation "${operationName}".`,
      names.length === 0
        ? 'Give a document with an operation.'
        : `Give --operation with one of: ${names.join(', ')}.`,
    );
  }
  const fragments = fragmentsOf(document);
  const conditions = conditionVariables({ operation, fragments }).map(
    (name) => [name, valueOf(name, operation, variables)] as const,
  );
  const open = conditions.filter(([, value]) => value === undefined).map(([name]) => name);
  if (open.length > 0) {
    const example = JSON.stringify(Object.fromEntries(open.map((name) => [name, true])));
    return failed(
      'CONDITION_UNKNOWN',
      `The plan depends on ${open.map((name) => `$${name}`).join(', ')}.`,
      `Say what it is: --variables '${example}'.`,
    );
  }
  try {
    const { plan } = createOwnPlanner(supergraph).plan({
      operation,
      fragments,
      operationName: operation.name?.value,
      conditions: new Map(conditions.map(([name, value]) => [name, value === true])),
      activeLabels: new Set(labels),
    });
    return { ok: true, plan };
  } catch (error) {
    return failed('OPERATION_NOT_PLANNED', messageOf(error), 'Ask for less in one operation.');
  }
}

function parsedOn(
  schema: GraphQLSchema,
  source: Source,
): DocumentNode | { readonly problems: readonly CompositionProblem[] } {
  try {
    const document = parse(source);
    const errors = validate(schema, document);
    if (errors.length === 0) return document;
    return { problems: errors.map(({ message, nodes }) => invalid(message, placesOf(nodes))) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const places = (error.locations ?? []).map((location) => placeIn(source, location));
    return { problems: [invalid(error.message, places)] };
  }
}

function invalid(message: string, places: CompositionProblem['places']): CompositionProblem {
  return { code: 'OPERATION_INVALID', message, places, fix: 'Correct the operation.' };
}

function failed(code: string, message: string, fix: string): PlanResult {
  return { ok: false, problems: [{ code, message, places: [], fix }] };
}

function valueOf(
  name: string,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): boolean | undefined {
  const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (typeof given === 'boolean') return given;
  const value = variableDefinitions.find(
    ({ variable }) => variable.name.value === name,
  )?.defaultValue;
  return value?.kind === Kind.BOOLEAN ? value.value : undefined;
}
