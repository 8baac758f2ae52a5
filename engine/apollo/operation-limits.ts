import { type DocumentNode, parse } from 'graphql';
import { checkDocument } from '../limits/check-document.ts';
import { limitRefusal } from '../limits/limit-refusal.ts';
import { defaultLimits, type OperationLimits } from '../limits/limits.ts';
import { type CostOptions, defaultCostOptions } from '../limits/operation-demand.ts';
import { OperationDemands } from '../limits/operation-demands.ts';
import type { CostVerdict, Violation } from '../limits/violation.ts';
import type {
  AnsweredRequest,
  OperationLimitsListener,
  OperationLimitsPlugin,
} from './operation-limits-plugin.ts';

/** Limits for an Apollo Server; a missing setting has its default. */
export interface OperationLimitsOptions<TContext extends object = object> {
  readonly limits?: Partial<OperationLimits>;
  readonly cost?: Partial<CostOptions>;
  /** Whether the response shows the estimated cost in `extensions.cost`. Default: never. */
  readonly showsCost?: ShowsCost;
  /** Called for every valid operation before it runs or is rejected: for metrics and logs. */
  readonly onOperation?: (measured: MeasuredOperation, contextValue: TContext) => void;
}

/** Decides by the value of the `x-operation-cost` request header. */
export type ShowsCost = (header: string | undefined) => boolean;

/** An operation with its estimated cost. */
export interface MeasuredOperation {
  readonly operationKind: string;
  readonly operationName: string | undefined;
  /** `undefined` when cost is not measured, or when the variables are rejected for their depth. */
  readonly cost: number | undefined;
  readonly maxCost: number;
  readonly violation: Violation | undefined;
}

/** The request header that asks for the cost. */
export const costHeader = 'x-operation-cost';

/**
 * Rejects documents over a limit before validation, and operations over the maximum cost before execution: 400 with
 * `GRAPHQL_PARSE_FAILED`, `GRAPHQL_VALIDATION_FAILED`, `BAD_USER_INPUT` or `COST_ESTIMATED_TOO_EXPENSIVE`. Reads
 * `@cost` and `@listSize` from the supergraph of the server's gateway. Set the server's `parseOptions.maxTokens` as
 * well, so that parsing stops at the limit.
 */
export function operationLimits<TContext extends object = object>(
  options: OperationLimitsOptions<TContext> = {},
): OperationLimitsPlugin<TContext> {
  const limits = { ...defaultLimits, ...options.limits };
  const cost = { ...defaultCostOptions, ...options.cost };
  const { max: maxCost } = cost;
  const demands = new OperationDemands({ ...limits, cost });
  const verdicts = new WeakMap<DocumentNode, Verdict>();

  const verdictOf = (document: MaybeRefused): Verdict => {
    if (document.refused) return document.refused;
    let verdict = verdicts.get(document);
    if (verdict === undefined) {
      verdict = checkDocument(document, limits) ?? allowed;
      verdicts.set(document, verdict);
    }
    return verdict;
  };

  const listener: OperationLimitsListener<TContext> = {
    // Apollo Server treats an error thrown here as its own failure. So validation gets a replacement document that
    // carries the violation. Apollo Server's document store then remembers the replacement under the hash of the
    // rejected text.
    validationDidStart: (context) => {
      const verdict = verdictOf(context.document);
      if (verdict !== allowed) (context as Mutable<typeof context>).document = refused(verdict);
      return Promise.resolve();
    },
    // Throw instead of returning a rejected promise: another plugin's rejection could win, and this one would be
    // unhandled.
    didResolveOperation: ({ document, operation, request, schema, contextValue }) => {
      const verdict = verdictOf(document);
      if (verdict !== allowed) throw limitRefusal(verdict);
      // The document has no operation of that name; Apollo Server reports that when it executes.
      if (!operation) return Promise.resolve();
      const demand = demands.of(schema, document, operation)(request.variables ?? {});
      options.onOperation?.(
        {
          operationKind: operation.operation,
          operationName: operation.name?.value,
          maxCost,
          ...demand,
        },
        contextValue,
      );
      if (demand.violation) throw limitRefusal(demand.violation);
      return Promise.resolve();
    },
  };
  const { showsCost } = options;
  const showing: OperationLimitsListener<TContext> = {
    ...listener,
    willSendResponse: (context) => {
      showCost(context, demands, maxCost);
      return Promise.resolve();
    },
  };
  return {
    serverWillStart: () =>
      Promise.resolve({
        schemaDidLoadOrUpdate: ({ apiSchema, coreSupergraphSdl }) => {
          demands.addSchema(apiSchema, coreSupergraphSdl);
        },
      }),
    requestDidStart: ({ request }) =>
      Promise.resolve(
        showsCost?.(request.http?.headers.get(costHeader)) === true ? showing : listener,
      ),
  };
}

const allowed = 'allowed';

type Verdict = Violation | typeof allowed;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * The replacement for a rejected document. The violation is a property, not a symbol, so it survives an external
 * document store.
 */
type MaybeRefused = DocumentNode & { readonly refused?: Violation };

function refused(violation: Violation): MaybeRefused {
  return { ...parse('{ __typename }', { noLocation: true }), refused: violation };
}

/** Adds the cost to the response of an operation that ran. */
function showCost(
  { schema, document, operation, request, response }: AnsweredRequest,
  demands: OperationDemands,
  max: number,
): void {
  const { body } = response;
  if (!document || !operation || body.kind !== 'single') return;
  const { singleResult } = body;
  if (singleResult.data === undefined) return;
  const { cost } = demands.of(schema, document, operation)(request.variables ?? {});
  if (cost === undefined) return;
  const verdict: CostVerdict = { estimated: cost, max };
  singleResult.extensions = { ...singleResult.extensions, cost: verdict };
}
