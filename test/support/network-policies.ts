import { z } from 'zod';
import type { KubernetesObject } from './manifests.ts';

/** A pod, or what stands for all pods of its kind: its namespace ("" is that of the manifests) and labels. */
export interface Peer {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Where it listens: the number, and the name if its container gives it one. */
  readonly port: number;
  readonly portName?: string;
}

const selector = z.strictObject({
  matchLabels: z.record(z.string(), z.string()).default({}),
  matchExpressions: z
    .array(
      z.strictObject({ key: z.string(), operator: z.literal('In'), values: z.array(z.string()) }),
    )
    .default([]),
});
const peer = z.strictObject({
  namespaceSelector: selector.optional(),
  podSelector: selector.optional(),
});
const port = z.strictObject({
  protocol: z.enum(['TCP', 'UDP']),
  port: z.union([z.number(), z.string()]),
});
/** Without any, all ports are meant. */
const ports = z.array(port).default([]);
const policy = z.looseObject({
  spec: z.strictObject({
    podSelector: selector,
    policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
    ingress: z.array(z.strictObject({ from: z.array(peer), ports })).default([]),
    egress: z.array(z.strictObject({ to: z.array(peer), ports })).default([]),
  }),
});

type Policy = z.infer<typeof policy>['spec'];
type Selector = z.infer<typeof selector>;
type Port = z.infer<typeof port>;

/** The connections between peers that network policies let through, each as `from → to`, in order. */
export function allowedConnections(
  objects: readonly KubernetesObject[],
  peers: readonly Peer[],
): readonly string[] {
  const policies = objects
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map((object) => policy.parse(object).spec);
  return peers
    .flatMap((from) =>
      peers
        .filter((to) => to !== from)
        .filter((to) => mayLeave(policies, from, to) && mayEnter(policies, from, to))
        .map((to) => `${from.name} → ${to.name}`),
    )
    .sort();
}

function mayLeave(policies: readonly Policy[], from: Peer, to: Peer): boolean {
  const own = policies.filter((each) => concerns(each, from, 'Egress'));
  return (
    own.length === 0 ||
    own.some(({ egress }) =>
      egress.some((rule) => rule.to.some((each) => selects(each, to)) && hasPort(rule.ports, to)),
    )
  );
}

function mayEnter(policies: readonly Policy[], from: Peer, to: Peer): boolean {
  const own = policies.filter((each) => concerns(each, to, 'Ingress'));
  return (
    own.length === 0 ||
    own.some(({ ingress }) =>
      ingress.some(
        (rule) => rule.from.some((each) => selects(each, from)) && hasPort(rule.ports, to),
      ),
    )
  );
}

function concerns({ podSelector, policyTypes }: Policy, pod: Peer, type: string): boolean {
  return (
    pod.namespace === '' &&
    policyTypes.some((each) => each === type) &&
    matches(podSelector, pod.labels)
  );
}

function selects({ namespaceSelector, podSelector }: z.infer<typeof peer>, pod: Peer): boolean {
  const isInNamespace = namespaceSelector
    ? matches(namespaceSelector, { 'kubernetes.io/metadata.name': pod.namespace })
    : pod.namespace === '';
  return isInNamespace && (!podSelector || matches(podSelector, pod.labels));
}

function matches(
  { matchLabels, matchExpressions }: Selector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ''))
  );
}

function hasPort(ports: readonly Port[], { port: number, portName }: Peer): boolean {
  return ports.length === 0 || ports.some(({ port }) => port === number || port === portName);
}
