import { isAdmin, isUser } from '../../common/viewer.ts';
import {
  type AccessTable,
  admins,
  everyone,
  type FieldRule,
  members,
  ownerAndAdmins,
} from '../kit/access.ts';
import type { User } from './domain/user.ts';

const ownAccount = ownerAndAdmins<User>(({ id }) => id);

/** The same for an account requested by its id. */
const askedForAccount: FieldRule<unknown, { readonly id: string }> = (viewer, _query, { id }) =>
  isAdmin(viewer) || isUser(viewer, id) ? 'allow' : 'hide';

/** The access rules. A field without a rule makes the start fail. */
export const access: AccessTable = {
  fields: {
    'Query.me': everyone,
    'Query.user': askedForAccount,
    'Query.users': admins,

    'Mutation.signUp': everyone,
    'Mutation.login': everyone,
    'Mutation.refreshToken': everyone,
    'Mutation.logout': members,
    'Mutation.updateProfile': members,
    'Mutation.changePassword': members,

    'User.id': everyone,
    'User.name': everyone,
    'User.username': everyone,
    'User.email': ownAccount,
    'User.role': ownAccount,
    'User.createdAt': ownAccount,

    UserConnection: everyone,
    UserEdge: everyone,
    PageInfo: everyone,

    Session: everyone,
    UserError: everyone,
    SignUpPayload: everyone,
    LoginPayload: everyone,
    RefreshTokenPayload: everyone,
    LogoutPayload: everyone,
    UpdateProfilePayload: everyone,
    ChangePasswordPayload: everyone,
  },
};
