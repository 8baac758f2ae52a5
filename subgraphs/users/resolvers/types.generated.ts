// Made of ../schema.graphql by `npm run codegen`. Do not edit.
// inputs: sha256-60465e55a8b89a6d79d01f5f2e78b039984f4e904eba1bc04d0402fe88708c06
// body: sha256-5109e9ad6c23545074f68147bc12a9261f56dd98c0b01b0cb4c5a918743cc6e0

import type { Connection } from '../../kit/connection.ts';
import type { Session as SessionSource } from '../domain/session.ts';
import type { User as UserSource } from '../domain/user.ts';
import type { UsersContext } from '../context.ts';

import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string };
  String: { input: string; output: string };
  Boolean: { input: boolean; output: boolean };
  Int: { input: number; output: number };
  Float: { input: number; output: number };
  /** A point in time: RFC 3339 text in UTC with milliseconds, such as `2026-11-23T08:00:00.000Z`. */
  DateTime: { input: Date; output: Date };
  _FieldSet: { input: string; output: string };
};

/** What can be asked. */
export type Query = {
  /** The viewer's own account; null for a viewer who is not logged in. */
  readonly me?: Maybe<User>;
  /** One account by its id. A customer finds only their own, an admin any; an account that the viewer may not see is null, as if it did not exist. */
  readonly user?: Maybe<User>;
  /** All accounts, newest first. For admins. */
  readonly users?: Maybe<UserConnection>;
};

/** What can be asked. */
export type QueryUserArgs = {
  id: Scalars['ID']['input'];
};

/** What can be asked. */
export type QueryUsersArgs = {
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

/** What can be changed. */
export type Mutation = {
  /** Creates a customer's account and logs it in. */
  readonly signUp?: Maybe<SignUpPayload>;
  /** Starts a session. A wrong password and an unknown e-mail address get the same response. */
  readonly login?: Maybe<LoginPayload>;
  /** Exchanges a refresh token for new tokens of its session. A token is valid once: using it a second time ends the whole session. */
  readonly refreshToken?: Maybe<RefreshTokenPayload>;
  /** Ends the viewer's session: its refresh token becomes invalid immediately, its access token within 15 minutes. */
  readonly logout?: Maybe<LogoutPayload>;
  /** Changes the viewer's own profile. */
  readonly updateProfile?: Maybe<UpdateProfilePayload>;
  /** Changes the viewer's password, ends all their sessions and starts a new one. */
  readonly changePassword?: Maybe<ChangePasswordPayload>;
};

/** What can be changed. */
export type MutationSignUpArgs = {
  input: SignUpInput;
};

/** What can be changed. */
export type MutationLoginArgs = {
  input: LoginInput;
};

/** What can be changed. */
export type MutationRefreshTokenArgs = {
  input: RefreshTokenInput;
};

/** What can be changed. */
export type MutationUpdateProfileArgs = {
  input: UpdateProfileInput;
};

/** What can be changed. */
export type MutationChangePasswordArgs = {
  input: ChangePasswordInput;
};

/** A person with an account. */
export type User = {
  /** The account's id. */
  readonly id: Scalars['ID']['output'];
  /** The name that others see, for example next to a review. */
  readonly name: Scalars['String']['output'];
  /** The address that the account logs in with. Only its owner and admins see it. */
  readonly email?: Maybe<Scalars['String']['output']>;
  /** What the account may do. Only its owner and admins see it. */
  readonly role?: Maybe<Role>;
  /** When the account was created. Only its owner and admins see it. */
  readonly createdAt?: Maybe<Scalars['DateTime']['output']>;
  /**
   * The former name of `name`.
   * @deprecated 2026-11-23: use `name`. Will not be removed before 2027-11-23.
   */
  readonly username?: Maybe<Scalars['String']['output']>;
};

/** What an account may do. */
export type Role =
  /** Buys: sees the catalogue and their own data. */
  | 'CUSTOMER'
  /** Runs the shop: sees everything and changes the catalogue. */
  | 'ADMIN';

/** A page of accounts (Relay cursor connections). */
export type UserConnection = {
  /** The accounts of the page, each with its cursor. */
  readonly edges: ReadonlyArray<UserEdge>;
  /** The accounts of the page. */
  readonly nodes: ReadonlyArray<User>;
  /** Where the page stands in the whole. */
  readonly pageInfo: PageInfo;
};

/** An account in a page. */
export type UserEdge = {
  /** The position of the account; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The account. */
  readonly node: User;
};

/** Where a page stands in the whole (Relay cursor connections). */
export type PageInfo = {
  /** Whether there is more after this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether there is more before this page. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first entry; null for an empty page. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
  /** The cursor of the last entry; null for an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
};

/** The tokens of a session. */
export type Session = {
  /** Sent as `Authorization: Bearer …` with each request. A JWT (RFC 9068). */
  readonly accessToken: Scalars['String']['output'];
  /** Exchanged for new tokens when the access token has expired. Opaque, valid once. */
  readonly refreshToken: Scalars['String']['output'];
  /** Always `Bearer` (RFC 6750). */
  readonly tokenType: Scalars['String']['output'];
  /** The lifetime of the access token in seconds. */
  readonly expiresIn: Scalars['Int']['output'];
  /** Whose session it is. */
  readonly user: User;
};

/** A reason for which a change was not made: something the person can put right. */
export type UserError = {
  /** What kind of reason, for programs: upper case, such as `EMAIL_TAKEN`. */
  readonly code: Scalars['String']['output'];
  /** The reason, for people. */
  readonly message: Scalars['String']['output'];
  /** The way to the input value it is about, such as `["input", "email"]`; null when it is about no single one. */
  readonly path?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
};

/** A new account. */
export type SignUpInput = {
  /** The address to log in with. */
  readonly email: Scalars['String']['input'];
  /** At least 8 and at most 128 characters. */
  readonly password: Scalars['String']['input'];
  /** The name that others see, 1 to 100 characters. */
  readonly name: Scalars['String']['input'];
};

/** The result of `signUp`. */
export type SignUpPayload = {
  /** The new account; null when it was not created. */
  readonly user?: Maybe<User>;
  /** The first session of the new account; null when it was not created. */
  readonly session?: Maybe<Session>;
  /** Why it was not created: `EMAIL_INVALID`, `EMAIL_TAKEN`, `PASSWORD_INVALID`, `NAME_INVALID`. Empty when it was. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Credentials. */
export type LoginInput = {
  /** The address of the account. */
  readonly email: Scalars['String']['input'];
  /** Its password. */
  readonly password: Scalars['String']['input'];
};

/** The result of `login`. */
export type LoginPayload = {
  /** The new session; null when the credentials are wrong. */
  readonly session?: Maybe<Session>;
  /** Why there is no session: `INVALID_CREDENTIALS`. Empty when there is one. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A refresh token to exchange. */
export type RefreshTokenInput = {
  /** The token from the last response. */
  readonly refreshToken: Scalars['String']['input'];
};

/** The result of `refreshToken`. */
export type RefreshTokenPayload = {
  /** The session with its new tokens; null when the token is not valid. */
  readonly session?: Maybe<Session>;
  /** Why there is no session: `INVALID_REFRESH_TOKEN`. Empty when there is one. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** The result of `logout`. */
export type LogoutPayload = {
  /** The user whose session has ended; null when no session was ended. */
  readonly user?: Maybe<User>;
  /** Currently always empty: ending a session cannot be refused. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Changes to a profile; absent values are not changed. */
export type UpdateProfileInput = {
  /** The new name, 1 to 100 characters. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
};

/** The result of `updateProfile`. */
export type UpdateProfilePayload = {
  /** The account as it is now; null when nothing was changed. */
  readonly user?: Maybe<User>;
  /** Why nothing was changed: `NAME_INVALID`. Empty otherwise. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A change of password. */
export type ChangePasswordInput = {
  /** The current password. */
  readonly currentPassword: Scalars['String']['input'];
  /** The new password, 8 to 128 characters. */
  readonly newPassword: Scalars['String']['input'];
};

/** The result of `changePassword`. */
export type ChangePasswordPayload = {
  /** The account; null when the password was not changed. */
  readonly user?: Maybe<User>;
  /** The new session, the only one left; null when the password was not changed. */
  readonly session?: Maybe<Session>;
  /** Why it was not changed: `INVALID_CREDENTIALS`, `PASSWORD_INVALID`. Empty otherwise. */
  readonly userErrors: ReadonlyArray<UserError>;
};

export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
  reference: TReference,
  context: TContext,
  info: GraphQLResolveInfo,
) => Promise<TResult> | TResult;

type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
type NullableCheck<T, S> =
  Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<
  TResult,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
  TArgs = Record<PropertyKey, never>,
> =
  | ResolverFn<TResult, TParent, TContext, TArgs>
  | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<
  TResult,
  TKey extends string,
  TParent,
  TContext,
  TArgs,
> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<
  TResult,
  TKey extends string,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
  TArgs = Record<PropertyKey, never>,
> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<
  TTypes,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo,
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<
  T = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<
  TResult = Record<PropertyKey, never>,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
  TArgs = Record<PropertyKey, never>,
> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  User: User;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  User: { __typename: 'User' } & GraphQLRecursivePick<FederationTypes['User'], { id: true }>;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  User: ResolverTypeWrapper<UserSource>;
  Role: Role;
  UserConnection: ResolverTypeWrapper<Connection<UserSource>>;
  UserEdge: ResolverTypeWrapper<Omit<UserEdge, 'node'> & { node: ResolversTypes['User'] }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Session: ResolverTypeWrapper<SessionSource>;
  UserError: ResolverTypeWrapper<UserError>;
  SignUpInput: SignUpInput;
  SignUpPayload: ResolverTypeWrapper<
    Omit<SignUpPayload, 'user' | 'session'> & {
      user?: Maybe<ResolversTypes['User']>;
      session?: Maybe<ResolversTypes['Session']>;
    }
  >;
  LoginInput: LoginInput;
  LoginPayload: ResolverTypeWrapper<
    Omit<LoginPayload, 'session'> & { session?: Maybe<ResolversTypes['Session']> }
  >;
  RefreshTokenInput: RefreshTokenInput;
  RefreshTokenPayload: ResolverTypeWrapper<
    Omit<RefreshTokenPayload, 'session'> & { session?: Maybe<ResolversTypes['Session']> }
  >;
  LogoutPayload: ResolverTypeWrapper<
    Omit<LogoutPayload, 'user'> & { user?: Maybe<ResolversTypes['User']> }
  >;
  UpdateProfileInput: UpdateProfileInput;
  UpdateProfilePayload: ResolverTypeWrapper<
    Omit<UpdateProfilePayload, 'user'> & { user?: Maybe<ResolversTypes['User']> }
  >;
  ChangePasswordInput: ChangePasswordInput;
  ChangePasswordPayload: ResolverTypeWrapper<
    Omit<ChangePasswordPayload, 'user' | 'session'> & {
      user?: Maybe<ResolversTypes['User']>;
      session?: Maybe<ResolversTypes['Session']>;
    }
  >;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  Mutation: Record<PropertyKey, never>;
  User: UserSource;
  UserConnection: Connection<UserSource>;
  UserEdge: Omit<UserEdge, 'node'> & { node: ResolversParentTypes['User'] };
  PageInfo: PageInfo;
  Boolean: Scalars['Boolean']['output'];
  Session: SessionSource;
  UserError: UserError;
  SignUpInput: SignUpInput;
  SignUpPayload: Omit<SignUpPayload, 'user' | 'session'> & {
    user?: Maybe<ResolversParentTypes['User']>;
    session?: Maybe<ResolversParentTypes['Session']>;
  };
  LoginInput: LoginInput;
  LoginPayload: Omit<LoginPayload, 'session'> & {
    session?: Maybe<ResolversParentTypes['Session']>;
  };
  RefreshTokenInput: RefreshTokenInput;
  RefreshTokenPayload: Omit<RefreshTokenPayload, 'session'> & {
    session?: Maybe<ResolversParentTypes['Session']>;
  };
  LogoutPayload: Omit<LogoutPayload, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  UpdateProfileInput: UpdateProfileInput;
  UpdateProfilePayload: Omit<UpdateProfilePayload, 'user'> & {
    user?: Maybe<ResolversParentTypes['User']>;
  };
  ChangePasswordInput: ChangePasswordInput;
  ChangePasswordPayload: Omit<ChangePasswordPayload, 'user' | 'session'> & {
    user?: Maybe<ResolversParentTypes['User']>;
    session?: Maybe<ResolversParentTypes['Session']>;
  };
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<
  ResolversTypes['DateTime'],
  any
> {
  name: 'DateTime';
}

export type QueryResolvers<
  ContextType = UsersContext,
  ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query'],
> = {
  me: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  user: Resolver<
    Maybe<ResolversTypes['User']>,
    ParentType,
    ContextType,
    RequireFields<QueryUserArgs, 'id'>
  >;
  users: Resolver<
    Maybe<ResolversTypes['UserConnection']>,
    ParentType,
    ContextType,
    RequireFields<QueryUsersArgs, 'first'>
  >;
};

export type MutationResolvers<
  ContextType = UsersContext,
  ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation'],
> = {
  signUp: Resolver<
    Maybe<ResolversTypes['SignUpPayload']>,
    ParentType,
    ContextType,
    RequireFields<MutationSignUpArgs, 'input'>
  >;
  login: Resolver<
    Maybe<ResolversTypes['LoginPayload']>,
    ParentType,
    ContextType,
    RequireFields<MutationLoginArgs, 'input'>
  >;
  refreshToken: Resolver<
    Maybe<ResolversTypes['RefreshTokenPayload']>,
    ParentType,
    ContextType,
    RequireFields<MutationRefreshTokenArgs, 'input'>
  >;
  logout: Resolver<Maybe<ResolversTypes['LogoutPayload']>, ParentType, ContextType>;
  updateProfile: Resolver<
    Maybe<ResolversTypes['UpdateProfilePayload']>,
    ParentType,
    ContextType,
    RequireFields<MutationUpdateProfileArgs, 'input'>
  >;
  changePassword: Resolver<
    Maybe<ResolversTypes['ChangePasswordPayload']>,
    ParentType,
    ContextType,
    RequireFields<MutationChangePasswordArgs, 'input'>
  >;
};

export type UserResolvers<
  ContextType = UsersContext,
  ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'],
  FederationReferenceType extends FederationReferenceTypes['User'] =
    FederationReferenceTypes['User'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['User']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  role?: Resolver<Maybe<ResolversTypes['Role']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  username?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type UserConnectionResolvers<
  ContextType = UsersContext,
  ParentType extends ResolversParentTypes['UserConnection'] =
    ResolversParentTypes['UserConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['UserEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['User']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type UserEdgeResolvers<
  ContextType = UsersContext,
  ParentType extends ResolversParentTypes['UserEdge'] = ResolversParentTypes['UserEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type PageInfoResolvers<
  ContextType = UsersContext,
  ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo'],
> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type SessionResolvers<
  ContextType = UsersContext,
  ParentType extends ResolversParentTypes['Session'] = ResolversParentTypes['Session'],
> = {
  accessToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  refreshToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  tokenType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresIn?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type UserErrorResolvers<
  ContextType = UsersContext,
  ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError'],
> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
};

export type SignUpPayloadResolvers<
  ContextType = UsersContext,
  ParentType extends ResolversParentTypes['SignUpPayload'] = ResolversParentTypes['SignUpPayload'],
> = {
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  session?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type LoginPayloadResolvers<
  ContextType = UsersContext,
  ParentType extends ResolversParentTypes['LoginPayload'] = ResolversParentTypes['LoginPayload'],
> = {
  session?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RefreshTokenPayloadResolvers<
  ContextType = UsersContext,
  ParentType extends ResolversParentTypes['RefreshTokenPayload'] =
    ResolversParentTypes['RefreshTokenPayload'],
> = {
  session?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type LogoutPayloadResolvers<
  ContextType = UsersContext,
  ParentType extends ResolversParentTypes['LogoutPayload'] = ResolversParentTypes['LogoutPayload'],
> = {
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UpdateProfilePayloadResolvers<
  ContextType = UsersContext,
  ParentType extends ResolversParentTypes['UpdateProfilePayload'] =
    ResolversParentTypes['UpdateProfilePayload'],
> = {
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ChangePasswordPayloadResolvers<
  ContextType = UsersContext,
  ParentType extends ResolversParentTypes['ChangePasswordPayload'] =
    ResolversParentTypes['ChangePasswordPayload'],
> = {
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  session?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = UsersContext> = {
  DateTime?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  UserConnection?: UserConnectionResolvers<ContextType>;
  UserEdge?: UserEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Session?: SessionResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  SignUpPayload?: SignUpPayloadResolvers<ContextType>;
  LoginPayload?: LoginPayloadResolvers<ContextType>;
  RefreshTokenPayload?: RefreshTokenPayloadResolvers<ContextType>;
  LogoutPayload?: LogoutPayloadResolvers<ContextType>;
  UpdateProfilePayload?: UpdateProfilePayloadResolvers<ContextType>;
  ChangePasswordPayload?: ChangePasswordPayloadResolvers<ContextType>;
};
