import { AppError } from '../../common/errors.ts';

/**
 * Bounds the work of planning one operation. Counts steps and not time, so that the same operation always has the same
 * result. Throws an AppError OPERATION_TOO_COMPLEX when it is used up.
 */
export class PlanBudget {
  private stepsLeft: number;

  constructor(steps: number = planStepsMax) {
    this.stepsLeft = steps;
  }

  spend(steps: number): void {
    this.stepsLeft -= steps;
    if (this.stepsLeft < 0) throw tooComplex();
  }

  /** For checking `count` items; ten of them count as a step. */
  spendOnChecks(count: number): void {
    this.spend(count / checksPerStep);
  }

  /** For writing text, which takes time proportional to its length. */
  spendOnText(text: string): void {
    this.spend(text.length / charactersPerStep);
  }

  /** The steps left, for optional work that improves a plan. */
  get remaining(): number {
    return this.stepsLeft;
  }
}

/**
 * At most 50 ms of work, as `bench/planner/budget.ts` shows. The storefront's main query takes 95 steps, and two
 * hundred aliases of it take 17,071.
 */
const planStepsMax = 20_000;

const checksPerStep = 10;
const charactersPerStep = 100;

/** The error for an operation over the budget. */
export function tooComplex(): AppError {
  return new AppError(
    'OPERATION_TOO_COMPLEX',
    'The operation is too complex: planning it takes too many steps. Select less in one operation.',
  );
}
