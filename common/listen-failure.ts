import { endOf, StartupError } from './errors.ts';

/** Where a server was to listen; `portSetting` is the variable that sets its port. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly portSetting: string;
}

/** What is said when a server cannot listen: one line that names the setting, and what to do. */
export function listenFailure(
  error: unknown,
  { host, port, portSetting }: ListenAddress,
): StartupError {
  const { code } = error as NodeJS.ErrnoException;
  const cause = { cause: error };
  switch (code) {
    case 'EADDRINUSE':
      return new StartupError(
        'PORT_IN_USE',
        `Port ${port} on ${host} is in use.`,
        `Stop the process that has it, or give another port: ${portSetting}=${port < 65_000 ? port + 10 : 4000}`,
        cause,
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartupError(
        'SETTING_INVALID',
        `HOST: ${host} is no address of this machine.`,
        'Take 127.0.0.1 for this machine alone; in production 0.0.0.0 for all of its addresses.',
        cause,
      );
    case 'EACCES':
    case 'EPERM':
      return new StartupError(
        'SETTING_INVALID',
        `${portSetting}: this user may not listen on port ${port}.`,
        `Give a port from 1024 on: ${portSetting}=4000`,
        cause,
      );
    default:
      return new StartupError(
        'SETTING_INVALID',
        `The server cannot listen on port ${port} of ${host}: ${endOf(error)}`,
        `Give another address by HOST, or another port by ${portSetting}.`,
        cause,
      );
  }
}
