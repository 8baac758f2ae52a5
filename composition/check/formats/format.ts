import type { CheckReport } from '../finding.ts';

/** What a format may ask about where its text goes. */
export interface FormatOptions {
  /** Whether the text may have colours; only `pretty` has any. */
  readonly isColoured: boolean;
}

/** A report as text, without a newline at the end. The same report gives the same text. */
export type Format = (report: CheckReport, options: FormatOptions) => string;
