import type { FastifyRequest } from 'fastify';
import { failureOf, type OperationOutcome, type RunOperation } from '../own-operation.ts';
import type { Problem } from './problem.ts';
import type { RestAnswer, RestInput, RestResult, RestRoute } from './rest-route.ts';

/** The input of any route, read by its schemas. */
export type AnyInput = RestInput<never, never, never, never>;

/** Answers the requests for one route, whose input has been read. */
export type AnswerRoute = (
  request: FastifyRequest,
  input: AnyInput,
) => Promise<RestResult | Problem>;

/** Answers a route by its operation, run as the viewer of the request, through the same stages as a client's operation. */
export function answerByGraph(route: RestRoute, run: RunOperation): AnswerRoute {
  const { document, variablesOf, data: schema, answerOf } = route;
  return async (request, input) => {
    const outcome = await run(request, { query: document, variables: given(variablesOf(input)) });
    const data = schema.safeParse(outcome.data);
    if (data.success && !lacksField(outcome)) {
      return resultOf(answerOf(data.data as never, input));
    }
    const { message: detail, ...failure } = failureOf(outcome);
    return { detail, ...failure };
  };
}

/** The answer of a route, or the problem that it reports. */
export function resultOf(answer: RestAnswer): RestResult | Problem {
  if (!('detail' in answer)) return answer;
  const { status, detail, userErrors } = answer;
  return { status, detail, ...(userErrors && { errors: userErrors }) };
}

/** Whether a field of the operation is null because it failed: that is not the null of something that does not exist. */
function lacksField({ data, errors = [] }: OperationOutcome): boolean {
  return errors.length > 0 && Object.values(data ?? {}).includes(null);
}

/** An undefined variable would count as null. */
function given(variables: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
}
