import { messageOf, StartupError } from '../../../common/errors.ts';

/** Explains why a PostgreSQL server cannot be used: one line, without the password, and what to do. */
export function openFailure(error: unknown, url: string): StartupError {
  const { host, where, role, name } = readUrl(url);
  const { code } = error as { readonly code?: unknown };
  const cause = { cause: error };
  switch (code) {
    case '3D000':
      return unavailable(
        `There is no database "${name}" at ${host}.`,
        `Create it (createdb ${name}), or correct its name in DATABASE_URL.`,
        cause,
      );
    case '28P01':
      return unavailable(
        `The database at ${where} refuses the password of "${role}", or the role does not exist.`,
        'Correct user and password in DATABASE_URL.',
        cause,
      );
    case '28000':
    case '42501':
      return unavailable(
        `The database at ${where} does not let "${role}" in: ${reasonOf(error)}.`,
        `Correct DATABASE_URL, or let the role in: grant connect on database "${name}" to "${role}".`,
        cause,
      );
    case '53300':
      return unavailable(
        `The database at ${where} has no connection left: ${reasonOf(error)}.`,
        'Lower database.poolMax in the settings file of the services, or raise max_connections of the server.',
        cause,
      );
    default:
      return unavailable(
        `The database at ${where} cannot be reached: ${reasonOf(error)}.`,
        'Check DATABASE_URL and that the server is up.',
        cause,
      );
  }
}

function unavailable(message: string, advice: string, cause: ErrorOptions): StartupError {
  return new StartupError('DATABASE_UNAVAILABLE', message, advice, cause);
}

/** If several addresses were tried, Node.js reports an error without a message: use that of the first attempt. */
function reasonOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const [line = ''] = messageOf(first).split('\n', 1);
  return line.replace(/[.]$/, '');
}

function readUrl(url: string) {
  if (!URL.canParse(url)) return { host: '', where: 'DATABASE_URL', role: '', name: '' };
  const { host, username, pathname } = new URL(url);
  const role = decodeURIComponent(username);
  return {
    host,
    where: `${host}${pathname}`,
    role,
    name: decodeURIComponent(pathname.slice(1)) || role,
  };
}
