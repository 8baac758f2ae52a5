import type { CheckReport } from '../finding.ts';

/** What a format needs to know about its output. */
export interface FormatOptions {
  /** Whether colours are allowed; only `pretty` uses them. */
  readonly isColoured: boolean;
}

/** A report as text, without a newline at the end. The same report gives the same text. */
export type Format = (report: CheckReport, options: FormatOptions) => string;
