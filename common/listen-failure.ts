import { messageWithFullStop, StartupError } from './errors.ts';

/** The address a server should listen on; `portSetting` is the variable for its port. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly portSetting: string;
}

/** The error for a server that cannot listen: one line that names the setting, and advice. */
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
        `Stop the process that uses it, or choose another port: ${portSetting}=${port < 65_000 ? port + 100 : 4000}`,
        cause,
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartupError(
        'SETTING_INVALID',
        `HOST: ${host} is not an address of this machine.`,
        'Use 127.0.0.1 for this machine only; in production 0.0.0.0 for all of its addresses.',
        cause,
      );
    case 'EACCES':
    case 'EPERM':
      return new StartupError(
        'SETTING_INVALID',
        `${portSetting}: this user may not listen on port ${port}.`,
        `Choose a port of 1024 or higher: ${portSetting}=4000`,
        cause,
      );
    default:
      return new StartupError(
        'SETTING_INVALID',
        `The server cannot listen on port ${port} of ${host}: ${messageWithFullStop(error)}`,
        `Set another address with HOST, or another port with ${portSetting}.`,
        cause,
      );
  }
}
