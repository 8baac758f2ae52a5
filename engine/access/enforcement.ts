import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { OperationSource } from '../../common/operation-source.ts';
import type { Withheld } from '../execution/execute.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { authenticated, type Clause } from './clause.ts';
import type { Denied } from './decide.ts';
import { clausesIn, markOperation } from './mark.ts';
import type { IsIncluded, MarkedOperation, RemovedPath } from './marked-operation.ts';
import type { AccessSettings } from './options.ts';
import { forbiddenError, unauthenticatedError } from './refusal.ts';
import { createRequirementIndex, type RequirementIndex } from './requirement-index.ts';

/** What the enforcement depends on. */
export interface EnforcementDependencies {
  readonly supergraph: Supergraph;
  readonly settings: AccessSettings;
  readonly log: (message: string) => void;
}

/** Enforces the access directives of one supergraph. */
export class AccessEnforcement {
  private readonly index: RequirementIndex;
  private readonly schema: GraphQLSchema;
  private readonly settings: AccessSettings;
  private readonly log: (message: string) => void;
  private readonly sessionFields: ReadonlySet<string>;

  constructor({ supergraph, settings, log }: EnforcementDependencies) {
    this.index = createRequirementIndex(supergraph);
    this.schema = supergraph.apiSchema;
    this.settings = settings;
    this.sessionFields = new Set(settings.sessionFields);
    this.log = log;
  }

  /**
   * The clauses that affect an operation; none for most operations. When there are any, `authenticated` is added,
   * because the error for the client depends on it.
   */
  clausesIn(source: OperationSource): readonly Clause[] {
    if (this.settings.enabled === false || this.index.isEmpty) return [];
    const { schema, index, sessionFields } = this;
    const clauses = clausesIn(source, { schema, index, sessionFields });
    return clauses.length === 0 || clauses.includes(authenticated)
      ? clauses
      : [...clauses, authenticated];
  }

  /** Marks what must not be returned when these clauses are denied. */
  mark(
    source: OperationSource,
    denied: Denied,
    isIncluded: IsIncluded,
    isVisited?: IsIncluded,
  ): MarkedOperation {
    const { schema, index, sessionFields } = this;
    if (denied.size === 0) return { ...source, removed: new Set(), filtered: source, paths: [] };
    const marked = markOperation(source, denied, {
      schema,
      index,
      isIncluded,
      isVisited,
      sessionFields,
    });
    if (this.settings.dryRun !== true) return marked;
    return { ...source, removed: new Set(), filtered: source, paths: marked.paths };
  }

  /** The errors and extensions for the removed parts; `undefined` when nothing was removed. */
  withheld(paths: readonly RemovedPath[], denied: Denied): Withheld | undefined {
    if (paths.length === 0 || this.settings.dryRun === true) return undefined;
    const errors = paths.map((path) =>
      denied.has(authenticated) ? unauthenticatedError(path) : forbiddenError(path),
    );
    switch (this.settings.errors?.response ?? 'errors') {
      case 'errors':
        return { errors, extensions: undefined };
      case 'extensions':
        return { errors: [], extensions: { authorizationErrors: errors.map(toJson) } };
      case 'disabled':
        return { errors: [], extensions: undefined };
    }
  }

  /** True when an operation must not run because of its removed parts. */
  refuses(paths: readonly RemovedPath[]): boolean {
    const { rejectUnauthorized, dryRun } = this.settings;
    return rejectUnauthorized === true && dryRun !== true && paths.length > 0;
  }

  /** Logs what was removed from a request. */
  report(paths: readonly RemovedPath[], operationName: string | undefined): void {
    const { dryRun, errors } = this.settings;
    if (paths.length === 0 || (errors?.log === false && dryRun !== true)) return;
    const places = paths.map((path) => path.join('/')).join(', ');
    const verb = dryRun === true ? 'Would remove' : 'Removed';
    this.log(`${verb} ${places} from operation "${operationName ?? ''}": not authorized.`);
  }
}

function toJson(error: { toJSON(): GraphQLFormattedError }): GraphQLFormattedError {
  return error.toJSON();
}
