import { z } from 'zod';
import type { RestProblem } from '../../../gateway/http/rest/rest-route.ts';

const userErrors = z.array(
  z.object({
    code: z.string(),
    message: z.string(),
    path: z.array(z.string()).nullable(),
  }),
);

/** The payload of a mutation: what it gives, and why it was not done. */
export function payloadOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object({ ...shape, userErrors });
}

/** Says why a mutation was not done: 404 where something that it names is not there, 422 for all else. */
export function notDone(payload: {
  readonly userErrors: z.output<typeof userErrors>;
}): RestProblem {
  const [first] = payload.userErrors;
  return {
    status: first?.code.endsWith('_NOT_FOUND') === true ? 404 : 422,
    detail: first?.message ?? 'It could not be done.',
    userErrors: payload.userErrors,
  };
}
