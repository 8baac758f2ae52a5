import { AppError } from '../../common/errors.ts';

/**
 * Bounds the work of planning one operation, in steps of the search and not in time, so that an operation that is
 * planned once is planned always. Throws an AppError OPERATION_TOO_COMPLEX when it is used up.
 */
export class PlanBudget {
  private left: number;

  constructor(steps: number = planStepsMax) {
    this.left = steps;
  }

  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw tooComplex();
  }

  /** For a look at each of so many: ten are a step. */
  spendOnLooks(count: number): void {
    this.spend(count / looksInAStep);
  }

  /** For text that is written anew, which takes time by its length. */
  spendOnText(text: string): void {
    this.spend(text.length / charactersInAStep);
  }

  /** What is left for work that makes a plan better and can be left out. */
  get remaining(): number {
    return this.left;
  }
}

/**
 * At most 50 ms of work, which `bench/planner/budget.ts` shows; the storefront’s main query takes 95, and two hundred of
 * it under aliases 17,071.
 */
const planStepsMax = 20_000;

const looksInAStep = 10;
const charactersInAStep = 100;

/** For an operation that takes more than planning may. */
export function tooComplex(): AppError {
  return new AppError(
    'OPERATION_TOO_COMPLEX',
    'The operation is too complex: planning it takes more steps than it may. Ask for less at once.',
  );
}
