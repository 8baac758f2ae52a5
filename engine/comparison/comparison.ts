import { setTimeout as sleep } from 'node:timers/promises';
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
 * Asks another gateway some of the queries that this one has answered, after their clients have the answers, and tells
 * where it answers otherwise. Never a mutation or a subscription. Nothing that the other gateway does reaches a client,
 * or ends the one that is compared with it.
 */
export class Comparison {
  private readonly settings: ComparisonSettings;
  private readonly log: Log;
  private readonly random: () => number;
  private readonly differences: DifferenceLog;
  private readonly unanswered = new UnansweredRequests();
  private readonly counts = { sampled: 0, equal: 0, different: 0, failed: 0, dropped: 0 };
  private readonly running = new Set<Promise<void>>();
  /** Comparisons that wait for their client to be answered. */
  private readonly beforeAnswer = new Set<AbortController>();
  /** Ends each waiting for the other gateway. */
  private readonly withoutOutcome = new Set<() => void>();
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

  /** Begins to load the other gateway. When that fails, the log says so and nothing is compared. */
  start(apollo: GatewayApolloConfig): void {
    this.loading = this.load(apollo);
  }

  /** The same executor, from whose queries some are compared. What it gives, it gives at the same time. */
  around(ours: GatewayExecutor): GatewayExecutor {
    return (request) =>
      this.isPicked(request) ? this.executePicked(ours, request) : ours(request);
  }

  /** Lets comparisons end that are waiting for the other gateway, and stops it; takes at most 5 s. Never rejects. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.unanswered.stop();
    for (const waiting of this.beforeAnswer) waiting.abort();
    await within(Promise.all(this.running), stopMs, undefined);
    for (const end of this.withoutOutcome) end();
    // One that is still loading is stopped when it has loaded.
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

  private isPicked({ operation }: GatewayGraphQLRequestContext): boolean {
    // Apollo Server passes on a request for an operation that the document does not have, without one.
    const kind: string | undefined = (operation as typeof operation | undefined)?.operation;
    if (!this.theirs || kind !== 'query' || this.isStopping) return false;
    return this.random() < this.settings.sampleRate;
  }

  private async executePicked(
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

  /** Takes the place of a comparison, and gives it back when the other gateway has ended. */
  private async compare(
    request: GatewayGraphQLRequestContext,
    hintBefore: CacheHint,
    ours: Outcome,
  ): Promise<void> {
    if (!this.theirs || !(await this.clientIsAnswered())) {
      this.inFlight -= 1;
      this.counts.dropped += 1;
      return;
    }
    const asked = this.ask(this.theirs, requestFor(request, hintBefore));
    // A gateway that does not answer in time is still at work: its place is taken until it ends.
    void asked.then(() => {
      this.inFlight -= 1;
    });
    const theirs = await this.inTime(asked);
    if (!theirs) {
      this.counts.dropped += 1;
      return;
    }
    const found = await compareOutcomes(ours, theirs, this.settings.showsValues);
    if (found.length === 0) this.counts.equal += 1;
    else this.counts.different += 1;
    for (const difference of found) {
      if (difference.kind === 'failure') this.counts.failed += 1;
      this.differences.tell(request, difference);
    }
  }

  /** Waits until the response has been sent. False when that takes too long, or the gateway is stopped. */
  private async clientIsAnswered(): Promise<boolean> {
    const waiting = new AbortController();
    const timer = setTimeout(() => {
      waiting.abort();
    }, this.settings.timeoutMs).unref();
    this.beforeAnswer.add(waiting);
    try {
      const { signal } = waiting;
      return (await this.unanswered.answered(signal)) && (await pause(restMs, signal));
    } finally {
      clearTimeout(timer);
      this.beforeAnswer.delete(waiting);
    }
  }

  /** What the other gateway makes of it. Never rejects. */
  private async ask(
    theirs: GatewayExecutor,
    request: GatewayGraphQLRequestContext,
  ): Promise<Outcome> {
    try {
      return outcomeOf(await theirs(request), request.overallCachePolicy);
    } catch (error) {
      return { failure: messageOf(error) };
    }
  }

  /** The outcome, or that there is none in time; `undefined` when the gateway has been stopped before. */
  private inTime(asked: Promise<Outcome>): Promise<Outcome | undefined> {
    const { timeoutMs } = this.settings;
    return new Promise((resolve) => {
      const end = (outcome?: Outcome): void => {
        clearTimeout(timer);
        this.withoutOutcome.delete(end);
        resolve(outcome);
      };
      const timer = setTimeout(() => {
        end({ failure: `no answer within ${timeoutMs} ms` });
      }, timeoutMs).unref();
      this.withoutOutcome.add(end);
      void asked.then(end);
    });
  }
}

/** How long a stop waits for comparisons, and then as long for the other gateway to stop. */
const stopMs = 2500;

/** How long after a response is sent its comparison begins; also where no response of `node:http` is waited for. */
const restMs = 50;

/** True when the time is over; false when the signal came first. */
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

/** The request as another gateway may have it, without a way to what Apollo Server makes of ours. */
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
