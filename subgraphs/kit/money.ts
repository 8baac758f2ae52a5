import { formatAmount, type Money as ExactMoney, type MoneySum } from '../../common/money.ts';

/** What a resolver returns for the type `Money`. */
export type Money = ExactMoney | MoneySum;

/** The resolvers of the type `Money`. */
export const Money = {
  amount: (value: Money) => formatAmount(value),
  currencyCode: ({ currencyCode }: Money) => currencyCode,
};
