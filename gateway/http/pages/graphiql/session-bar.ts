import type { LandingPagesConfig } from '../../../config/landing-pages.ts';

/**
 * The bar above GraphiQL: logs in at a REST endpoint, keeps the session in this tab, and sends its access token with
 * each request to the graph that does not already have an `Authorization` header. Needs its style and its script.
 */
export function sessionBar(accounts: LandingPagesConfig['accounts']): string {
  const buttons = accounts.map(
    ({ label, username, password }) =>
      `<button type="button" data-username="${escapeHtml(username)}" data-password="${escapeHtml(password)}">${escapeHtml(label)}</button>`,
  );
  return `<form id="session-bar" autocomplete="off">
  <span id="session-state" role="status">Not logged in</span>
  <span id="session-login">
    ${buttons.join('\n    ')}
    <input id="session-username" type="email" placeholder="e-mail" aria-label="E-mail" autocomplete="username" required>
    <input id="session-password" type="password" placeholder="password" aria-label="Password" autocomplete="current-password" required>
    <button type="submit">Log in</button>
    <span id="session-error" role="alert" hidden></span>
  </span>
  <button type="button" id="session-logout" hidden>Log out</button>
</form>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The style of the bar. */
export const sessionBarStyle = `
  body { display: flex; flex-direction: column; height: 100vh; margin: 0; }
  #root { flex: 1; min-height: 0; height: auto; display: grid; }
  #root .graphiql-container { height: auto; min-height: 0; }
  #session-bar {
    display: flex; align-items: center; gap: 12px; padding: 6px 12px; font: 13px system-ui, sans-serif;
    color: #e8eaf6; background: #1f2536;
  }
  #session-bar [hidden] { display: none; }
  #session-state { flex: 1; }
  #session-login { display: flex; flex-wrap: wrap; gap: 6px; }
  #session-bar input, #session-bar button {
    font: inherit; padding: 3px 8px; border: 1px solid #56607d; border-radius: 4px; color: inherit; background: #2b3349;
  }
  #session-bar button { cursor: pointer; }
  #session-bar button:hover { background: #3a4463; }
  #session-error { align-self: center; padding: 2px 8px; border-radius: 4px; font-weight: 600; color: #5c0011; background: #ffd9dd; }
`;

/** The script of the bar, to be run after it and before GraphiQL's own, whose fetch it wraps. */
export const sessionBarScript = (loginPath: string): string => `
  (() => {
    const storageKey = 'supergraph:session';
    const find = (id) => document.getElementById('session-' + id);
    const state = find('state');

    const read = () => {
      try {
        const session = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null');
        return session && session.expiresAt > Date.now() ? session : null;
      } catch {
        return null;
      }
    };
    const show = (text, error) => {
      const session = read();
      find('error').textContent = error ?? '';
      find('error').hidden = error === undefined;
      state.textContent = text ?? (session ? 'Logged in as ' + session.username : 'Not logged in');
      find('login').hidden = session !== null;
      find('logout').hidden = session === null;
    };
    const logIn = async (username, password) => {
      show('Logging in …');
      try {
        const response = await plainFetch(${JSON.stringify(loginPath)}, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ username, password }),
        });
        const answer = await response.json();
        if (!response.ok) return show(undefined, answer.error);
        sessionStorage.setItem(storageKey, JSON.stringify({
          username,
          accessToken: answer.access_token,
          expiresAt: Date.now() + answer.expires_in * 1000,
        }));
        show();
      } catch {
        show(undefined, 'The gateway does not answer');
      }
    };

    const plainFetch = window.fetch.bind(window);
    window.fetch = (input, init = {}) => {
      const url = new URL(input instanceof Request ? input.url : String(input), location.href);
      const session = read();
      if (!session) show();
      if (!session || url.origin !== location.origin || url.pathname !== '/graphql') {
        return plainFetch(input, init);
      }
      const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : {}));
      if (!headers.has('authorization')) headers.set('authorization', 'Bearer ' + session.accessToken);
      return plainFetch(input, { ...init, headers });
    };

    find('bar').addEventListener('submit', (event) => {
      event.preventDefault();
      void logIn(find('username').value, find('password').value);
    });
    for (const button of document.querySelectorAll('#session-login [data-username]')) {
      button.addEventListener('click', () => void logIn(button.dataset.username, button.dataset.password));
    }
    find('logout').addEventListener('click', () => {
      sessionStorage.removeItem(storageKey);
      show();
    });
    show();
  })();
`;
