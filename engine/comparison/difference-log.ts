import { LRUCache } from 'lru-cache';
import { messageOf } from '../../common/errors.ts';
import type { GatewayGraphQLRequestContext } from '../apollo-interface.ts';
import type { OutcomeDifference } from './compare-answers.ts';
import type { AnswerDifference, ComparisonSettings } from './options.ts';
import { truncate, shortJson } from './short-text.ts';

/** The log methods that comparisons use. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

type ReportOptions = Pick<ComparisonSettings, 'onDifference' | 'showsVariables'>;

/**
 * Reports differences: all of them to `onDifference`, new ones to the log. A difference is new when none of the last
 * thousand had the same operation, kind and path, ignoring list positions.
 */
export class DifferenceLog {
  private readonly options: ReportOptions;
  private readonly log: Log;
  private readonly logged = new LRUCache<string, true>({ max: 1000 });

  constructor(options: ReportOptions, log: Log) {
    this.options = options;
    this.log = log;
  }

  /** Reports a difference between the answers to a request. Never throws. */
  report(incoming: GatewayGraphQLRequestContext, found: OutcomeDifference): void {
    const { onDifference, showsVariables } = this.options;
    const difference: AnswerDifference = {
      ...found,
      operationName: incoming.operation.name?.value,
      document: truncate(incoming.source, documentCharacters),
      ...(showsVariables && { variables: incoming.request.variables ?? {} }),
    };
    try {
      if (this.isNew(incoming.queryHash, difference)) this.log.warn(textOf(difference));
      onDifference?.(difference);
    } catch (error) {
      this.log.error(`onDifference of compareWith failed: ${messageOf(error)}`);
    }
  }

  private isNew(hash: string, { kind, operationName = '', path }: AnswerDifference): boolean {
    const place = path.map((key) => (typeof key === 'number' ? '*' : key)).join('.');
    const key = `${hash} ${operationName} ${kind} ${place}`;
    if (this.logged.get(key)) return false;
    this.logged.set(key, true);
    return true;
  }
}

const documentCharacters = 4000;
const variablesCharacters = 1000;

function textOf(difference: AnswerDifference): string {
  const { kind, operationName, document, variables, path, ours, theirs } = difference;
  const place = path.length > 0 ? ` at ${path.join('.')}` : '';
  return [
    `Gateways differ in ${kind}${place}: ${ours} here, ${theirs} there.`,
    `Operation ${operationName ?? 'without a name'}: ${document}`,
    ...(variables ? [`Variables: ${shortJson(variables, variablesCharacters)}`] : []),
  ].join('\n');
}
