import { setTimeout as sleep } from 'node:timers/promises';
import { usesDefer } from '../../common/deferred-fragments.ts';
import { messageOf } from '../../common/errors.ts';
import { within } from '../../common/within.ts';
import type {
  GatewayApolloConfig,
  GatewayExecutionResult,
  GatewayExecutor,
  GatewayGraphQLRequestContext,
} from '../apollo-interface.ts';
import { type CacheHint, CachePolicy, hintOf } from './cache-policy.ts';
import { compareOutcomes, type Outcome } from './compare-answers.ts';
import { DifferenceLog, type Log } from './difference-log.ts';
import type { ComparisonSettings, ComparisonStatistics } from './options.ts';
import { UnansweredRequests } from './unanswered-requests.ts';

/**
 * Sends a sample of this gateway's queries to another gateway, after the client has its response, and reports where the
 * answers differ. Never a mutation, a subscription, or an operation with `@defer`. Nothing that the other gateway does can reach a client, or crash
 * this gateway.
 */
export class Comparison {
  private readonly settings: ComparisonSettings;
  private readonly log: Log;
  private readonly random: () => number;
  private readonly differences: DifferenceLog;
  private readonly unanswered = new UnansweredRequests();
  private readonly counts = { sampled: 0, equal: 0, different: 0, failed: 0, dropped: 0 };
  private readonly running = new Set<Promise<void>>();
  /** Comparisons that wait for their client to get its response. */
  private readonly awaitingResponse = new Set<AbortController>();
  /** Functions that end the waits for the other gateway. */
  private readonly awaitingOutcome = new Set<() => void>();
  private isStopping = false;
  private loading: Promise<void> | undefined;
  private theirs: GatewayExecutor | undefined;
  private inFlight = 0;

  constructor(settings: ComparisonSettings, log: Log, random: () => number) {
    this.settings = settings;
    this.log = log;
    this.random = random;
    this.differences = new DifferenceLog(settings, log);
  }

  get statistics(): ComparisonStatistics {
    return { ...this.counts };
  }

  /** Starts to load the other gateway. When that fails, it is logged and nothing is compared. */
  start(apollo: GatewayApolloConfig): void {
    this.loading = this.load(apollo);
  }

  /** Wraps an executor to compare a sample of its queries. Its results are returned unchanged and without delay. */
  wrap(ours: GatewayExecutor): GatewayExecutor {
    return (request) =>
      this.isSampled(request) ? this.executeSampled(ours, request) : ours(request);
  }

  /** Ends the comparisons that wait for the other gateway, and stops it; takes at most 5 s. Never rejects. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.unanswered.stop();
    for (const waiting of this.awaitingResponse) waiting.abort();
    await within(Promise.all(this.running), stopMs, undefined);
    for (const end of this.awaitingOutcome) end();
    // A gateway that is still loading is stopped after it has loaded.
    const end = this.loading?.then(() => this.settings.gateway.stop());
    const isStopped = end?.then(
      () => true,
      (error: unknown) => {
        this.log.error(`Stopping the gateway to compare with failed: ${messageOf(error)}`);
        return true;
      },
    );
    if (isStopped && !(await within(isStopped, stopMs, false))) {
      this.log.warn(`The gateway to compare with has not stopped within ${stopMs} ms.`);
    }
  }

  private async load(apollo: GatewayApolloConfig): Promise<void> {
    const { gateway, sampleRate } = this.settings;
    try {
      const { executor } = await gateway.load({ apollo });
      if (!executor) throw new Error('it does not execute operations');
      if (this.isStopping) return;
      this.unanswered.start();
      this.theirs = executor;
      this.log.info(`Comparing ${sampleRate * 100} % of queries with another gateway.`);
    } catch (error) {
      this.log.error(
        `Nothing is compared: the gateway to compare with did not start: ${messageOf(error)}`,
      );
    }
  }

  private isSampled({ operation, document }: GatewayGraphQLRequestContext): boolean {
    // Apollo Server also passes requests for a missing operation name, without an operation.
    const kind: string | undefined = (operation as typeof operation | undefined)?.operation;
    if (!this.theirs || kind !== 'query' || this.isStopping) return false;
    // The other gateway may not know @defer.
    return this.random() < this.settings.sampleRate && !usesDefer(document);
  }

  private async executeSampled(
    execute: GatewayExecutor,
    request: GatewayGraphQLRequestContext,
  ): Promise<GatewayExecutionResult> {
    const hintBefore = hintOf(request.overallCachePolicy);
    try {
      const result = await execute(request);
      this.compareLater(request, hintBefore, outcomeOf(result, request.overallCachePolicy));
      return result;
    } catch (error) {
      this.compareLater(request, hintBefore, { failure: messageOf(error) });
      throw error;
    }
  }

  private compareLater(
    request: GatewayGraphQLRequestContext,
    hintBefore: CacheHint,
    ours: Outcome,
  ): void {
    this.counts.sampled += 1;
    if (this.inFlight >= this.settings.maxInFlight) {
      this.counts.dropped += 1;
      return;
    }
    this.inFlight += 1;
    const comparison = this.compare(request, hintBefore, ours).catch((error: unknown) => {
      this.counts.dropped += 1;
      this.log.error(`A comparison of two answers failed: ${messageOf(error)}`);
    });
    this.running.add(comparison);
    void comparison.then(() => this.running.delete(comparison));
  }

  /** Occupies a slot of the comparison, until the other gateway has ended. */
  private async compare(
    request: GatewayGraphQLRequestContext,
    hintBefore: CacheHint,
    ours: Outcome,
  ): Promise<void> {
    if (!this.theirs || !(await this.waitForResponse())) {
      this.inFlight -= 1;
      this.counts.dropped += 1;
      return;
    }
    const asked = this.executeTheirs(this.theirs, requestFor(request, hintBefore));
    // A gateway that times out is still working: it keeps its slot until it ends.
    void asked.then(() => {
      this.inFlight -= 1;
    });
    const theirs = await this.withTimeout(asked);
    if (!theirs) {
      this.counts.dropped += 1;
      return;
    }
    const found = await compareOutcomes(ours, theirs, this.settings.showsValues);
    if (found.length === 0) this.counts.equal += 1;
    else this.counts.different += 1;
    for (const difference of found) {
      if (difference.kind === 'failure') this.counts.failed += 1;
      this.differences.report(request, difference);
    }
  }

  /** Waits until the response has been sent. False when that takes too long, or the gateway is stopped. */
  private async waitForResponse(): Promise<boolean> {
    const waiting = new AbortController();
    const timer = setTimeout(() => {
      waiting.abort();
    }, this.settings.timeoutMs).unref();
    this.awaitingResponse.add(waiting);
    try {
      const { signal } = waiting;
      return (await this.unanswered.answered(signal)) && (await pause(delayMs, signal));
    } finally {
      clearTimeout(timer);
      this.awaitingResponse.delete(waiting);
    }
  }

  /** The outcome of the other gateway. Never rejects. */
  private async executeTheirs(
    theirs: GatewayExecutor,
    request: GatewayGraphQLRequestContext,
  ): Promise<Outcome> {
    try {
      return outcomeOf(await theirs(request), request.overallCachePolicy);
    } catch (error) {
      return { failure: messageOf(error) };
    }
  }

  /** The outcome, or a timeout failure; `undefined` when the gateway is stopped first. */
  private withTimeout(asked: Promise<Outcome>): Promise<Outcome | undefined> {
    const { timeoutMs } = this.settings;
    return new Promise((resolve) => {
      const end = (outcome?: Outcome): void => {
        clearTimeout(timer);
        this.awaitingOutcome.delete(end);
        resolve(outcome);
      };
      const timer = setTimeout(() => {
        end({ failure: `no answer within ${timeoutMs} ms` });
      }, timeoutMs).unref();
      this.awaitingOutcome.add(end);
      void asked.then(end);
    });
  }
}

/** How long stopping waits for comparisons, and again for the other gateway. */
const stopMs = 2500;

/** The delay after a response before its comparison starts; also without a `node:http` response to wait for. */
const delayMs = 50;

/** True after the time; false when the signal is aborted first. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal, ref: false });
    return true;
  } catch {
    return false;
  }
}

function outcomeOf({ data, errors = [] }: GatewayExecutionResult, policy: unknown): Outcome {
  return { data, errors, cacheHint: hintOf(policy) };
}

/** A copy of the request for another gateway, isolated from what Apollo Server does with the original. */
function requestFor(
  incoming: GatewayGraphQLRequestContext,
  hint: CacheHint,
): GatewayGraphQLRequestContext {
  return {
    ...incoming,
    request: { ...incoming.request },
    response: { http: { headers: new Headers() } },
    metrics: {},
    overallCachePolicy: new CachePolicy(hint),
  };
}
