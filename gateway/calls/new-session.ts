import { newAccessTokenExtension } from '../../common/new-session.ts';
import { parsingProblem } from '../../common/parse-cost.ts';
import type { FetchLayer, SubgraphResponse, SubgraphResult } from '../../engine/fetching/types.ts';

/** Continues as the account that a mutation has logged in, before anything else is fetched. */
export const takeNewSession: FetchLayer = (next) => async (request) => {
  const response = await next(request);
  const { onNewSession } = request.context;
  if (request.operationKind === 'mutation' && onNewSession) {
    const accessToken = newAccessTokenIn(response);
    if (accessToken !== undefined) await onNewSession(accessToken);
  }
  return response;
};

function newAccessTokenIn({ body }: SubgraphResponse): string | undefined {
  const { extensions } = typeof body === 'string' ? parsed(body) : body;
  if (typeof extensions !== 'object' || extensions === null) return undefined;
  const token = Object.getOwnPropertyDescriptor(extensions, newAccessTokenExtension)
    ?.value as unknown;
  return typeof token === 'string' ? token : undefined;
}

/** Few responses contain the extension; execution reports the ones that cannot be parsed. */
function parsed(text: string): SubgraphResult {
  if (!text.includes(`"${newAccessTokenExtension}"`)) return {};
  if (parsingProblem(text) !== undefined) return {};
  try {
    return (JSON.parse(text) ?? {}) as SubgraphResult;
  } catch {
    return {};
  }
}
