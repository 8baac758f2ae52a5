import { StartupError } from '../../common/errors.ts';
import type { Environment } from '../../common/settings.ts';

const prefix = 'SUBGRAPH_';

/** What Kubernetes tells every container about a service that is called subgraph-something. */
const ofKubernetes = /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_(?:TCP|UDP|SCTP)\w*)?)$/;

/** Throws a StartupError that names each variable of the prefix `SUBGRAPH_` that sets nothing: most are mistyped. */
export function refuseUnknownVariables(
  environment: Environment,
  isKnown: (name: string) => boolean,
): void {
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith(prefix) && !isKnown(name) && !ofKubernetes.test(name),
  );
  if (unknown.length === 0) return;
  throw new StartupError(
    'SETTING_INVALID',
    `${unknown.join(' and ')}: no setting has this name.`,
    'Correct it in the environment, or leave it out; the README lists all settings.',
  );
}
