/** A statement that took too long or was ended by an operator (class 57) was not refused. */
const refusals = /^(?!57)[0-9A-Z]{5}$/;

/** Whether the database has refused a statement for what it contains or because of others: it has an SQLSTATE. */
export function isRefused(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && refusals.test(code);
}
