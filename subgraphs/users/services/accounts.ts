import type { Clock } from '../../../common/clock.ts';
import type { OnSessionsEnded } from '../../../common/ended-sessions.ts';
import type { AccountRepository } from '../data/account-repository.ts';
import type { UserRepository } from '../data/user-repository.ts';
import { readEmail } from '../domain/email.ts';
import { readName } from '../domain/name.ts';
import { done, type Outcome, type Problem, problem, refused } from '../domain/outcome.ts';
import { isAcceptablePassword } from '../domain/password.ts';
import type { Session } from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import type { CheckPassword } from './password-check.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { Sessions } from './sessions.ts';

/**
 * What users can do with accounts. All methods throw AppError OVERLOADED when too many password checks are waiting;
 * those that check a password throw RATE_LIMITED after too many wrong ones for the account from the address, if that is
 * known.
 */
export interface Accounts {
  signUp(input: SignUp, address?: string): Promise<Outcome<Session>>;
  /** A wrong password and an unknown address get the same response after the same work. */
  login(email: string, password: string, address?: string): Promise<Outcome<Session>>;
  /** The updated account; `undefined` when it does not exist. An absent name is not changed. */
  updateProfile(userId: string, name: string | undefined): Promise<Outcome<User | undefined>>;
  /** Ends all sessions of the user and starts a new one. */
  changePassword(
    userId: string,
    change: PasswordChange,
    onEnded?: OnSessionsEnded,
  ): Promise<Outcome<Session>>;
}

/** A new password, and the current one as proof. */
export interface PasswordChange {
  readonly current: string;
  readonly next: string;
  readonly address?: string | undefined;
}

/** The input of a sign-up. */
export interface SignUp {
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

/** The dependencies of accounts. */
export interface AccountsDependencies {
  readonly users: UserRepository;
  readonly repository: AccountRepository;
  readonly passwords: PasswordHasher;
  readonly checkPassword: CheckPassword;
  readonly sessions: Sessions;
  readonly clock: Clock;
}

/** The accounts in a repository. */
export function createAccounts({
  users,
  repository,
  passwords,
  checkPassword,
  sessions,
  clock,
}: AccountsDependencies): Accounts {
  return {
    async signUp(input, address) {
      const checked = checkSignUp(input);
      if (checked.kind === 'refused') return checked;
      const { email, name, password } = checked.value;
      const passwordHash = await passwords.hash(password, { account: email, address });
      const user = { email, name, passwordHash, createdAt: new Date(clock.now()) };
      const opened = await repository.signUp(user, (id) => sessions.draft(id));
      if (!opened) return refused(problem('EMAIL_TAKEN', 'email'));
      return done(sessions.present(opened.session, opened.user));
    },

    async login(text, password, address) {
      const email = readEmail(text);
      const account = email === undefined ? undefined : await users.credentialsByEmail(email);
      const matches = await checkPassword({
        account: email ?? text,
        address,
        password,
        passwordHash: account?.passwordHash,
      });
      const session =
        account && matches ? await sessions.open(account.user, account.passwordHash) : undefined;
      return session ? done(session) : refused(problem('INVALID_CREDENTIALS'));
    },

    async updateProfile(userId, text) {
      if (text === undefined) return done((await users.byIds([userId])).at(0));
      const name = readName(text);
      if (name === undefined) return refused(problem('NAME_INVALID', 'name'));
      return done(await users.rename(userId, name));
    },

    async changePassword(userId, { current, next, address }, onEnded) {
      if (!isAcceptablePassword(next)) return refused(problem('PASSWORD_INVALID', 'newPassword'));
      const account = await users.credentialsById(userId);
      const caller = { account: account?.user.email ?? userId, address };
      const matches = await checkPassword({
        ...caller,
        password: current,
        passwordHash: account?.passwordHash,
      });
      const session = sessions.draft(userId);
      const changed =
        account && matches
          ? await repository.changePassword(
              {
                userId,
                oldHash: account.passwordHash,
                newHash: await passwords.hash(next, caller),
                changedAt: session.token.createdAt,
              },
              session,
            )
          : undefined;
      if (!changed) return refused(problem('INVALID_CREDENTIALS', 'currentPassword'));
      onEnded?.(changed.endedSessions);
      return done(sessions.present(session, changed.user));
    },
  };
}

/** The values in canonical form, or everything that is wrong with them. */
function checkSignUp(input: SignUp): Outcome<SignUp> {
  const email = readEmail(input.email);
  const name = readName(input.name);
  const hasPassword = isAcceptablePassword(input.password);
  if (email !== undefined && name !== undefined && hasPassword) {
    return done({ email, name, password: input.password });
  }
  const problems: Problem[] = [];
  if (email === undefined) problems.push(problem('EMAIL_INVALID', 'email'));
  if (!hasPassword) problems.push(problem('PASSWORD_INVALID', 'password'));
  if (name === undefined) problems.push(problem('NAME_INVALID', 'name'));
  return { kind: 'refused', problems };
}
