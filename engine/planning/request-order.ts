import { type FetchGroup, isBatchable } from './fetch-groups.ts';

/** Groups of fetches that share a request. */
export interface PlannedRequest {
  readonly level: number;
  readonly groups: FetchGroup[];
}

/** Entity fetches of one step to one subgraph share a request. */
export function requestsOf(groups: readonly FetchGroup[]): readonly PlannedRequest[] {
  const requests: PlannedRequest[] = [];
  const batches = new Map<string, PlannedRequest>();
  for (const group of groups) {
    const { graph, level } = group;
    const key = `${level} ${graph}`;
    const batch = isBatchable(group) ? batches.get(key) : undefined;
    if (batch) {
      batch.groups.push(group);
      continue;
    }
    const request = { level, groups: [group] };
    requests.push(request);
    if (isBatchable(group)) batches.set(key, request);
  }
  return requests;
}

/** Splits requests into chains that are independent of each other. */
export function chainsOf(
  requests: readonly PlannedRequest[],
): readonly (readonly PlannedRequest[])[] {
  const byGroup = new Map<FetchGroup, PlannedRequest>();
  for (const request of requests) for (const group of request.groups) byGroup.set(group, request);
  const chainOf = new Map<PlannedRequest, PlannedRequest[]>();
  for (const request of requests) chainOf.set(request, [request]);
  for (const request of requests) {
    for (const group of request.groups) {
      for (const need of group.needs) {
        const before = byGroup.get(need);
        const left = chainOf.get(request);
        const right = before && chainOf.get(before);
        if (!left || !right || left === right) continue;
        right.push(...left);
        for (const each of left) chainOf.set(each, right);
      }
    }
  }
  return [...new Set(requests.map((request) => chainOf.get(request) ?? []))];
}
