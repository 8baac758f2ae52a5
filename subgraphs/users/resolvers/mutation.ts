import { AppError } from '../../../common/errors.ts';
import type { Viewer } from '../../../common/viewer.ts';
import { continueAs, tellEnded } from '../context.ts';
import type { MutationResolvers } from './types.generated.ts';
import { toUserErrors } from './user-error.ts';

export const Mutation: MutationResolvers = {
  signUp: async (_mutation, { input }, context) => {
    const outcome = await context.accounts.signUp(input, context.clientAddress);
    if (outcome.kind === 'refused') return { userErrors: toUserErrors(outcome) };
    const session = continueAs(outcome.value, context);
    return { user: session.user, session, userErrors: [] };
  },

  login: async (_mutation, { input: { email, password } }, context) => {
    const outcome = await context.accounts.login(email, password, context.clientAddress);
    if (outcome.kind === 'refused') return { userErrors: toUserErrors(outcome) };
    return { session: continueAs(outcome.value, context), userErrors: [] };
  },

  refreshToken: async (_mutation, { input }, context) => {
    const outcome = await context.sessions.refresh(input.refreshToken, tellEnded(context));
    if (outcome.kind === 'refused') return { userErrors: toUserErrors(outcome) };
    return { session: continueAs(outcome.value, context), userErrors: [] };
  },

  logout: async (_mutation, _args, context) => {
    const { viewer, sessions, userById } = context;
    const { id, sessionId } = member(viewer);
    const ended = await sessions.end(sessionId, id);
    if (ended) tellEnded(context)([sessionId]);
    return { user: ended ? await userById.load(id) : null, userErrors: [] };
  },

  updateProfile: async (_mutation, { input: { name } }, { viewer, accounts, userById }) => {
    const { id } = member(viewer);
    const outcome = await accounts.updateProfile(id, name ?? undefined);
    if (outcome.kind === 'refused') return { userErrors: toUserErrors(outcome) };
    const user = outcome.value ?? null;
    userById.clear(id).prime(id, user);
    return { user, userErrors: [] };
  },

  changePassword: async (_mutation, { input }, context) => {
    const { viewer, accounts, clientAddress } = context;
    const change = {
      current: input.currentPassword,
      next: input.newPassword,
      address: clientAddress,
    };
    const outcome = await accounts.changePassword(member(viewer).id, change, tellEnded(context));
    if (outcome.kind === 'refused') return { userErrors: toUserErrors(outcome) };
    return { user: outcome.value.user, session: outcome.value, userErrors: [] };
  },
};

/** The viewer of a field that only members may use, by the access table. */
function member(viewer: Viewer): Extract<Viewer, { kind: 'user' }> {
  if (viewer.kind === 'user') return viewer;
  throw new AppError('UNAUTHENTICATED', 'Log in first.');
}
