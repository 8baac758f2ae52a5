/** A set of fields such as `id, owner{id}` in one form, `id owner { id }`, by which two can be compared. */
export function fieldSetText(fields: string): string {
  return fields
    .replace(/[{}]/g, ' $& ')
    .replace(/[\s,]+/g, ' ')
    .trim();
}
