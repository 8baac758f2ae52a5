import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { compileCost } from './cost/compile-cost.ts';
import type { CostDirectives } from './cost/directives.ts';
import type { Expression, Variables } from './cost/expression.ts';
import { isDeeperThan } from './input-depth.ts';
import { compileListArguments } from './list-arguments.ts';
import type { Demand, DemandOptions, MeasureDemand } from './operation-demand.ts';
import { badInput, type Violation } from './violation.ts';

/** What an operation is compiled from. The document must be valid on the schema and within the document limits. */
export interface DemandContext {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
  readonly directives: CostDirectives;
}

/**
 * Compiles the checks and the cost of an operation, once. Everything that does not depend on variables is computed
 * here.
 */
export function compileDemand(context: DemandContext, options: DemandOptions): MeasureDemand {
  const { maxInputDepth, maxListArgument, cost: costOptions } = options;
  const { mode, max, listSize } = costOptions;
  const compiled = mode === 'off' ? undefined : compileCost({ ...context, listSize });
  const required = mode === 'enforce' ? (compiled?.violations ?? []) : [];
  const checks = [
    ...compileListArguments({ ...context, max: maxListArgument }),
    ...required,
  ].filter(canFail);
  const demandOf = (cost: number | undefined, violation: Violation | undefined): Demand => ({
    cost,
    violation:
      violation ??
      (mode === 'enforce' && cost !== undefined && cost > max
        ? tooExpensive(cost, max)
        : undefined),
  });

  const { cost } = compiled ?? {};
  const fixed =
    (!cost || 'constant' in cost) && checks.every((check) => 'constant' in check)
      ? Object.freeze(demandOf(cost?.constant, firstOf(checks, {})))
      : undefined;
  const measure = fixed
    ? () => fixed
    : (variables: Variables) =>
        demandOf(cost && valueOf(cost, variables), firstOf(checks, variables));
  return (variables) => {
    const name = deepVariable(variables, maxInputDepth);
    return name === undefined
      ? measure(variables)
      : { cost: undefined, violation: tooDeep(name, maxInputDepth) };
  };
}

type Check = Expression<Violation | undefined>;

function canFail(check: Check): boolean {
  return !('constant' in check) || check.constant !== undefined;
}

function firstOf(checks: readonly Check[], variables: Variables): Violation | undefined {
  for (const check of checks) {
    const violation = valueOf(check, variables);
    if (violation) return violation;
  }
  return undefined;
}

function valueOf<T>(value: Expression<T>, variables: Variables): T {
  return 'constant' in value ? value.constant : value.of(variables);
}

function deepVariable(variables: Variables, max: number): string | undefined {
  for (const name in variables) {
    const value = variables[name];
    if (typeof value === 'object' && isDeeperThan(max, value)) return name;
  }
  return undefined;
}

function tooDeep(name: string, max: number): Violation {
  const shown = name.length > 100 ? `${name.slice(0, 100)}…` : name;
  return badInput(
    `The variable "$${shown}" is more than ${max} levels deep; at most ${max} are allowed.`,
  );
}

function tooExpensive(estimated: number, max: number): Violation {
  return {
    code: 'COST_ESTIMATED_TOO_EXPENSIVE',
    message: `The operation has an estimated cost of ${estimated}; at most ${max} is allowed.`,
    cost: { estimated, max },
  };
}
