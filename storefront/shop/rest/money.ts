import { z } from 'zod';

/** An amount of money in an answer. */
export const money = z.object({
  amount: z.string().describe("The amount with the currency's decimals, such as `999.99`."),
  currencyCode: z.string(),
});
