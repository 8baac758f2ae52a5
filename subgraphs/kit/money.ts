import { formatAmount, type Money as ExactMoney } from '../../common/money.ts';

/** What a resolver returns for the type `Money`. */
export type Money = ExactMoney;

/** The resolvers of the type `Money`. */
export const Money = {
  amount: (value: ExactMoney) => formatAmount(value),
  currencyCode: ({ currencyCode }: ExactMoney) => currencyCode,
};
