import { inputError, type UserError } from '../../kit/payload.ts';
import type { Problem } from '../domain/outcome.ts';

/** The reasons for which a change was refused, as the schema tells them. */
export function toUserErrors({
  problems,
}: {
  readonly problems: readonly Problem[];
}): readonly UserError[] {
  return problems.map(({ code, message, field }) =>
    field === null ? { code, message, path: null } : inputError(code, field, message),
  );
}
