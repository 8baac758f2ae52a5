import {
  endedSessionsExtension,
  type OnSessionsEnded,
  readEndedSessions,
} from '../../common/ended-sessions.ts';
import { newAccessTokenExtension } from '../../common/new-session.ts';
import { parsingProblem } from '../../common/parse-cost.ts';
import type { FetchLayer, SubgraphResponse, SubgraphResult } from '../../engine/fetching/types.ts';

/**
 * Follows what a mutation does to sessions: continues as the account that it has logged in, before anything else is
 * fetched, and tells which sessions it has ended.
 */
export function followSessions(onEnded: OnSessionsEnded): FetchLayer {
  return (next) => async (request) => {
    const response = await next(request);
    if (request.operationKind !== 'mutation') return response;
    const extensions = sessionExtensionsIn(response);
    if (!extensions) return response;
    const ended = readEndedSessions(ownValue(extensions, endedSessionsExtension));
    if (ended.length > 0) onEnded(ended);
    const accessToken = ownValue(extensions, newAccessTokenExtension);
    if (typeof accessToken === 'string') await request.context.onNewSession?.(accessToken);
    return response;
  };
}

function ownValue(object: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value as unknown;
}

function sessionExtensionsIn({ body }: SubgraphResponse): object | undefined {
  const { extensions } = typeof body === 'string' ? parsed(body) : body;
  return typeof extensions === 'object' && extensions !== null ? extensions : undefined;
}

/** Few responses contain the extensions; execution reports the ones that cannot be parsed. */
function parsed(text: string): SubgraphResult {
  const names = [newAccessTokenExtension, endedSessionsExtension];
  if (!names.some((name) => text.includes(`"${name}"`))) return {};
  if (parsingProblem(text) !== undefined) return {};
  try {
    return (JSON.parse(text) ?? {}) as SubgraphResult;
  } catch {
    return {};
  }
}
