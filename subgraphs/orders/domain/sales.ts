import type { MoneySum } from '../../../common/money.ts';

/** What was sold on a day, in one currency. */
export interface SalesDay {
  /** In UTC, such as `2026-11-28`. */
  readonly day: string;
  /** How many orders were placed. */
  readonly orders: number;
  /** What was paid on that day. */
  readonly revenue: MoneySum;
  /** How many paid orders were cancelled or refunded on that day. */
  readonly refunds: number;
  /** What went back for them. */
  readonly refunded: MoneySum;
}

/** Whole days in UTC: from the first moment of one to before that of another. */
export interface DayRange {
  readonly from: Date;
  readonly until: Date;
}

/** The most days of a report. */
export const maxReportDays = 366;

const dayMs = 86_400_000;
const dayForm = /^\d{4}-\d{2}-\d{2}$/;

/** The days that begin with one such as `2026-11-28`; undefined for anything but a day of the calendar. */
export function daysFrom(day: string, count: number): DayRange | undefined {
  const from = new Date(dayForm.test(day) ? `${day}T00:00:00.000Z` : Number.NaN);
  // A day that a month does not have becomes one of the next month.
  if (Number.isNaN(from.getTime()) || !from.toISOString().startsWith(day)) return undefined;
  return { from, until: new Date(from.getTime() + count * dayMs) };
}
