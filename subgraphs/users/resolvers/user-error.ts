import { inputError, type UserError } from '../../kit/payload.ts';
import type { Problem } from '../domain/outcome.ts';

/** Converts the problems of a refused change to the schema's `userErrors`. */
export function toUserErrors({
  problems,
}: {
  readonly problems: readonly Problem[];
}): readonly UserError[] {
  return problems.map(({ code, message, field }) =>
    field === null ? { code, message, path: null } : inputError(code, field, message),
  );
}
