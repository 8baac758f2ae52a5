import { z } from 'zod';
import type { SessionRoute } from '../../gateway/http/sessions.ts';

const sessionSelection = `{
    session { accessToken refreshToken tokenType expiresIn }
    userErrors { code message path }
  }`;

const loginMutation = `mutation Login($input: LoginInput!) {
  login(input: $input) ${sessionSelection}
}`;

const refreshMutation = `mutation Refresh($input: RefreshTokenInput!) {
  refreshToken(input: $input) ${sessionSelection}
}`;

const loginBody = z.object({
  username: z.string().min(1).max(320),
  password: z.string().min(1).max(1024),
});

const refreshBody = z.object({ refresh_token: z.string().min(1).max(4096) });

/** `POST /login` and `POST /refresh`: the mutations `login` and `refreshToken` of users. */
export const sessionRoutes: readonly SessionRoute[] = [
  {
    path: '/login',
    expected: '{"username": "…", "password": "…"}',
    operationFor: (body) => {
      const { success, data } = loginBody.safeParse(body);
      if (!success) return undefined;
      const { username: email, password } = data;
      return { query: loginMutation, variables: { input: { email, password } } };
    },
    field: 'login',
    refusal: 'Invalid credentials',
  },
  {
    path: '/refresh',
    expected: '{"refresh_token": "…"}',
    operationFor: (body) => {
      const { success, data } = refreshBody.safeParse(body);
      if (!success) return undefined;
      const input = { refreshToken: data.refresh_token };
      return { query: refreshMutation, variables: { input } };
    },
    field: 'refreshToken',
    refusal: 'Invalid refresh token',
  },
];
