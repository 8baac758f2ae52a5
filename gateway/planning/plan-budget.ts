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
    if (this.left < 0) {
      throw new AppError(
        'OPERATION_TOO_COMPLEX',
        'The operation is too complex: planning it takes more steps than it may. Ask for less at once.',
      );
    }
  }

  /** What is left for work that makes a plan better and can be left out. */
  get remaining(): number {
    return this.left;
  }
}

/** Some 40 ms of work; the storefront’s main query takes 83, and a hundred of it under aliases 7,409. */
const planStepsMax = 10_000;
