import { type DirectiveNode, GraphQLError, OperationTypeNode } from 'graphql';
import { documentBytes } from '../../common/compact-document.ts';
import { hasActiveDefer } from '../../common/deferred-fragments.ts';
import { AppError } from '../../common/errors.ts';
import type { Clause } from '../access/clause.ts';
import type { Denied } from '../access/decide.ts';
import type { AccessEnforcement } from '../access/enforcement.ts';
import type { RemovedPath } from '../access/marked-operation.ts';
import { compileShape } from '../execution/compile-shape.ts';
import { compileParts, compilePlan } from '../execution/compile.ts';
import type { PartedOperation } from '../execution/execute-in-parts.ts';
import type { Withheld } from '../execution/execute.ts';
import { compileIntrospection } from '../execution/introspection.ts';
import { compileOpeningRequest } from '../execution/opening-request.ts';
import { compilePassThrough } from '../execution/pass-through.ts';
import type { QueryPlan } from '../execution/plan.ts';
import type { TypeIndex } from '../execution/type-index.ts';
import type { PlanCache } from '../planning/plan-cache.ts';
import type { Planner } from '../planning/planner.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { marking, removedFromPart } from './operation-access.ts';
import { plannedBytes } from './operation-bytes.ts';
import type {
  PlannedVariant,
  PreparedOperation,
  RefusedVariant,
  VariantChoice,
} from './prepared-operation.ts';

/** The most variants kept per operation. */
const variantsMax = 32;

/** Estimated memory use of a cached refusal, including its stack. */
const refusalBytes = 2_000;

/** What plans operations. */
export interface VariantsDependencies {
  readonly supergraph: Supergraph;
  readonly planner: Planner;
  readonly types: TypeIndex;
  readonly access: AccessEnforcement | undefined;
  /** Keeps operations with all of their variants. */
  readonly operations: PlanCache<PreparedOperation>;
}

/** The variants of operations: each is planned and compiled once, and kept with its operation. */
export class OperationVariants {
  private readonly supergraph: Supergraph;
  private readonly planner: Planner;
  private readonly types: TypeIndex;
  private readonly access: AccessEnforcement | undefined;
  private readonly operations: PlanCache<PreparedOperation>;

  constructor({ supergraph, planner, types, access, operations }: VariantsDependencies) {
    this.supergraph = supergraph;
    this.planner = planner;
    this.types = types;
    this.access = access;
    this.operations = operations;
  }

  /** The plan of an operation for a choice, compiled. Throws a GraphQLError when planning is refused, and any error of the planner. */
  of(prepared: PreparedOperation, choice: VariantChoice): PlannedVariant {
    const key = variantKey(choice, prepared.clauses);
    const variant = prepared.variants.get(key) ?? this.newVariant(key, prepared, choice);
    if ('refusal' in variant) throw refused(variant.refusal);
    return variant;
  }

  /** Plans and caches the plan, or caches that planning was refused, so that repeating the request costs nothing. */
  private newVariant(
    key: string,
    prepared: PreparedOperation,
    choice: VariantChoice,
  ): PlannedVariant | RefusedVariant {
    let variant: PlannedVariant | RefusedVariant;
    try {
      variant = this.compile(prepared, choice);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'OPERATION_TOO_COMPLEX') throw error;
      const { isIncremental, conditions, labels, denied } = choice;
      variant = { isIncremental, conditions, labels, denied, refusal: error, bytes: refusalBytes };
    }
    const [oldest] = prepared.variants.keys();
    if (prepared.variants.size >= variantsMax && oldest !== undefined)
      prepared.variants.delete(oldest);
    prepared.variants.set(key, variant);
    let bytes = documentBytes(prepared.document);
    for (const each of prepared.variants.values()) bytes += each.bytes;
    this.operations.set(prepared.key, prepared, bytes);
    return variant;
  }

  private compile(
    prepared: PreparedOperation,
    { isIncremental, conditions, labels, denied }: VariantChoice,
  ): PlannedVariant {
    const marked = marking(this.access, prepared, denied, conditions);
    const { operation, fragments, removed, filtered, paths: removedPaths } = marked;
    const { apiSchema } = this.supergraph;
    const { plan, storeKeys } = this.planner.plan({
      operation: filtered.operation,
      fragments: filtered.fragments,
      operationName: prepared.operationName,
      conditions,
      activeLabels: labels,
      incremental: isIncremental,
    });
    const shape = compileShape(operation, {
      schema: apiSchema,
      fragments,
      conditions,
      storeKeys,
      removed,
      isIncremental,
    });
    const compiled = {
      shape: shape.root,
      introspect: compileIntrospection(shape, operation, fragments, apiSchema),
      clientKeys: storeKeys.clientKeys,
    };
    const executable =
      isIncremental && hasActiveDefer(marked, conditions)
        ? { ...compiled, ...this.partsOf(plan, prepared, conditions, denied, removedPaths) }
        : {
            ...compiled,
            step: compilePlan(plan, this.types),
            passThrough: compilePassThrough(plan, shape.root),
            openingRequest: compileOpeningRequest(plan),
            withheld: this.access?.withheld(removedPaths, denied),
          };
    return {
      isIncremental,
      conditions,
      labels,
      denied,
      removedPaths,
      plan,
      executable,
      bytes: plannedBytes(plan),
    };
  }

  private partsOf(
    plan: QueryPlan,
    prepared: PreparedOperation,
    conditions: ReadonlyMap<string, boolean>,
    denied: Denied,
    removedPaths: readonly RemovedPath[],
  ): Pick<PartedOperation, 'isMutation' | 'parts' | 'withheld' | 'withheldIn'> {
    const { access } = this;
    const withheldIn = (chain?: readonly DirectiveNode[], place?: string): Withheld | undefined =>
      access && removedPaths.length > 0
        ? access.withheld(
            removedFromPart(access, prepared, denied, conditions, chain, place),
            denied,
          )
        : undefined;
    return {
      isMutation: prepared.operation.operation === OperationTypeNode.MUTATION,
      parts: compileParts(plan, this.types),
      withheld: withheldIn(),
      withheldIn,
    };
  }
}

/** An operation over the planner's budget is the client's mistake. */
function refused({ message, code }: AppError): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}

function variantKey(
  { isIncremental, conditions, labels, denied }: VariantChoice,
  clauses: readonly Clause[],
): string {
  let key = isIncremental ? 'in parts ' : '';
  if (conditions.size === 0 && labels.size === 0 && denied.size === 0) return key;
  for (const value of conditions.values()) key += value ? '1' : '0';
  key += ` ${[...labels].join()} `;
  if (denied.size > 0) for (const clause of clauses) key += denied.has(clause) ? '1' : '0';
  return key;
}
