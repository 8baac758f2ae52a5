import type { SourcePlace } from '../problem.ts';

/** How much a finding weighs: an error fails the check, a warning and a note do not. */
export type Severity = 'error' | 'warning' | 'note';

/** A program that sent an operation, as a usage log knows it. */
export interface Client {
  readonly name: string;
  readonly version?: string;
  /** How often it sent the operation in the time that the log covers. */
  readonly count: number;
}

/** An operation that a change meets. */
export interface AffectedOperation {
  /** Its name, or the beginning of its hash where it has none. */
  readonly name: string;
  /** Where it is committed; absent when only a usage log knows it. */
  readonly place?: SourcePlace;
  /** Who sent it; empty when no usage log knows it. */
  readonly clients: readonly Client[];
}

/** One thing that a check says about a change of schema. */
export interface Finding {
  /** Stable from version to version, such as `FIELD_REMOVED`: configuration and waivers name it. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** The schema coordinate it is about (GraphQL specification, "Schema Coordinates"), such as `Query.user(id:)`. */
  readonly coordinate?: string;
  /** Where in the subgraph's own file; the file of the base for what was removed. */
  readonly place?: SourcePlace;
  readonly operations: readonly AffectedOperation[];
  /** What else helps to understand it, line by line, such as two query plans. */
  readonly details: readonly string[];
  /** What to do. */
  readonly fix: string;
}

/** A finding that `schema-approvals.yaml` lets pass. */
export interface WaivedFinding {
  readonly finding: Finding;
  readonly owner: string;
  readonly why: string;
  /** The last day it holds, `YYYY-MM-DD`. */
  readonly until: string;
}

/** What a check of the working tree against a base found. */
export interface CheckReport {
  /** What the base is, in words, such as `main (merge base 1a2b3c4)`. */
  readonly base: string;
  /** The worst first, then by coordinate. */
  readonly findings: readonly Finding[];
  readonly waived: readonly WaivedFinding[];
  /** What was looked at, such as `operations: 12`. */
  readonly looked: Readonly<Record<string, number>>;
}
