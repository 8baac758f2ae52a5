import { AppError } from '../../../common/errors.ts';
import { daysFrom, maxReportDays } from '../domain/sales.ts';
import { readOrderPage, toOrderConnection } from './order-connection.ts';
import type { QueryResolvers } from './types.generated.ts';

export const Query: QueryResolvers = {
  order: (_query, { id }, { orderById }) => orderById.load(id),

  async orders(_query, args, { orders }) {
    const page = readOrderPage(args);
    return toOrderConnection(await orders.newest(page.range, args.status ?? undefined), page);
  },

  async quoteOrder(_query, { items, country }, { placing, ...trace }) {
    const { quote, faults: userErrors } = await placing.quote(items, country, trace);
    return { quote, userErrors };
  },

  async salesReport(_query, { from, days }, { sales }) {
    if (days < 1 || days > maxReportDays) {
      const message = `"days" takes a number from 1 to ${maxReportDays}; got ${days}.`;
      throw new AppError('BAD_USER_INPUT', message);
    }
    const range = daysFrom(from, days);
    if (!range) {
      throw new AppError('BAD_USER_INPUT', '"from" takes a day such as 2026-11-28, in UTC.');
    }
    return { days: await sales.days(range) };
  },
};
