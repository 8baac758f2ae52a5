import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startTestStorefront, type TestStorefront } from '../support/storefront.ts';

const executablePath = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => existsSync(path));
const inBrowser = executablePath === undefined ? describe.skip : describe;
const skipped = executablePath === undefined ? ': skipped, there is no Chromium here' : '';

inBrowser(`GraphiQL in a browser${skipped}`, () => {
  const foreignRequests: string[] = [];
  const problems: string[] = [];
  let storefront: TestStorefront;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    storefront = await startTestStorefront();
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
    });
    page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    await page.route('**/*', async (route) => {
      const url = route.request().url();
      if (url.startsWith(storefront.gatewayUrl) || /^(data|blob):/.test(url))
        return route.continue();
      foreignRequests.push(url);
      return route.abort();
    });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await storefront.stop();
  });

  it('loads without any other network and answers the main query to a viewer who logged in there', async () => {
    await page.goto(`${storefront.gatewayUrl}/graphiql`);
    await page.getByText('Not logged in').waitFor();
    await page.getByRole('button', { name: 'John (customer)' }).click();
    await page.getByText('Logged in as john@example.com').waitFor();

    await page.getByRole('button', { name: /Execute query/ }).click();
    const result = page.locator('.graphiql-response');
    await result.getByText('999.99').waitFor({ timeout: 15_000 });
    const text = (await result.innerText()).replaceAll('\u00a0', ' ');
    expect(text).toContain('"name": "John Doe"');
    expect(text).toContain('"email": "john@example.com"');
    expect(text).not.toContain('"errors"');
    expect(foreignRequests).toEqual([]);
    expect(problems).toEqual([]);
  }, 60_000);

  it('runs a query as nobody after logging out', async () => {
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('Not logged in').waitFor();
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page
      .locator('.graphiql-response')
      .getByText('"order": null')
      .waitFor({ timeout: 15_000 });
  }, 30_000);
});
