import type { SourcePlace } from '../problem.ts';

/** The base of a report for which nothing was compared. */
export const noBase = 'nothing';

/** The severity of a finding: only an error fails the check. */
export type Severity = 'error' | 'warning' | 'note';

/** A client that sent an operation, from the usage log. */
export interface Client {
  readonly name: string;
  readonly version?: string;
  /** How often it sent the operation during the time covered by the log. */
  readonly count: number;
}

/** An operation affected by a change. */
export interface AffectedOperation {
  /** The name; for an anonymous operation, that of its file, or else the start of its hash. */
  readonly name: string;
  /** Where it is committed; absent when it is only in the usage log. */
  readonly place?: SourcePlace;
  /** The clients that sent it; empty when it is not in a usage log. */
  readonly clients: readonly Client[];
}

/** One result of a check. */
export interface Finding {
  /** Stable across versions, such as `FIELD_REMOVED`: settings and approvals refer to it. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** The schema coordinate (GraphQL specification, "Schema Coordinates"), such as `Query.user(id:)`. */
  readonly coordinate?: string;
  /** The place in the subgraph's own file; for something removed, in the file of the base. */
  readonly place?: SourcePlace;
  readonly operations: readonly AffectedOperation[];
  /** The contracts in which it is found, too; absent when there is none. */
  readonly alsoIn?: readonly string[];
  /** The contracts in which alone it is found; absent for what is found in the whole graph. */
  readonly onlyIn?: readonly string[];
  /** More lines that help to understand it, such as two query plans in short. */
  readonly details: readonly string[];
  /** What to do. */
  readonly fix: string;
}

/** A finding waived by `schema-approvals.yaml`. */
export interface WaivedFinding {
  readonly finding: Finding;
  readonly owner: string;
  readonly why: string;
  /** The last day it holds, `YYYY-MM-DD`. */
  readonly until: string;
}

/** The result of checking the working tree against a base. */
export interface CheckReport {
  /** A description of the base, such as `main (merge base 1a2b3c4)`. */
  readonly base: string;
  /** The worst first, then by coordinate. */
  readonly findings: readonly Finding[];
  readonly waived: readonly WaivedFinding[];
  /** What was checked, such as `operations: 12`. */
  readonly looked: Readonly<Record<string, number>>;
}
