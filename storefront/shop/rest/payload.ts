import { z } from 'zod';
import type { RestProblem } from '../../../gateway/http/rest/rest-route.ts';

const userErrors = z.array(
  z.object({
    code: z.string(),
    message: z.string(),
    path: z.array(z.string()).nullable(),
  }),
);

/** The payload of a mutation: its data, and why nothing was changed. */
export function payloadOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object({ ...shape, userErrors });
}

/** Reports why a mutation made no change: 404 when something in its input does not exist, otherwise 422. */
export function notDone(payload: {
  readonly userErrors: z.output<typeof userErrors>;
}): RestProblem {
  const [first] = payload.userErrors;
  return {
    status: first?.code.endsWith('_NOT_FOUND') === true ? 404 : 422,
    detail: first?.message ?? 'No change was made.',
    userErrors: payload.userErrors,
  };
}
