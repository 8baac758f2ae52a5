import { type CheckReport, noBase, type Severity } from '../finding.ts';

/** The number of findings of each kind. */
export interface Counts {
  readonly error: number;
  readonly warning: number;
  readonly note: number;
  readonly waived: number;
}

/** Counts the findings of a report. */
export function countsOf({ findings, waived }: CheckReport): Counts {
  const of = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return { error: of('error'), warning: of('warning'), note: of('note'), waived: waived.length };
}

/** The counts in words, such as `2 errors, 1 warning, 1 waived`, without zeros. */
function countsInWords(report: CheckReport): string {
  const { error, warning, note, waived } = countsOf(report);
  const parts = [
    error > 0 && plural(error, 'error'),
    warning > 0 && plural(warning, 'warning'),
    note > 0 && plural(note, 'note'),
    waived > 0 && `${waived} waived`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(', ') : 'nothing found';
}

/** One line with the verdict and the counts. */
export function verdictOf(report: CheckReport): string {
  return `${countsOf(report).error > 0 ? 'Check failed' : 'Check passed'}: ${countsInWords(report)}.`;
}

/** One line that says what was compared, and how much was checked. */
export function scopeOf({ base, looked }: CheckReport): string {
  const counts = Object.entries(looked).map(([name, count]) => `${name}: ${count}`);
  const compared = base === noBase ? 'Nothing was compared.' : `Compared with ${base}.`;
  return [compared, ...(counts.length > 0 ? [`${counts.join(', ')}.`] : [])].join(' ');
}

/** `1 error`, `2 errors`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
