import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { patienceMs } from '../support/patience.ts';
import { useDeferringGateway } from './use-deferring-gateway.ts';

const executablePath = '/usr/bin/chromium';
const inBrowser = existsSync(executablePath) ? describe : describe.skip;

inBrowser('streams: GraphiQL in a browser without another network', () => {
  const test = useDeferringGateway();
  const foreignRequests: string[] = [];
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
    });
    page = await browser.newPage();
    page.setDefaultTimeout(patienceMs / 2);
    await page.route('**/*', async (route) => {
      const url = route.request().url();
      if (url.startsWith(test.gateway.url) || /^(data|blob):/.test(url)) return route.continue();
      foreignRequests.push(url);
      return route.abort();
    });
  });
  afterAll(async () => {
    await browser.close();
  });

  it('shows the first part of a deferred query, and then the rest', async () => {
    // From the address, as in a link: the editor closes braces that are typed, when it has the time.
    const query = encodeURIComponent('{ products { name ... @defer { rating } } }');
    await page.goto(`${test.gateway.url}/graphiql?query=${query}`);
    await page.locator('.graphiql-query-editor').getByText('rating').waitFor();
    const release = test.graph.hold();
    const answered = page.waitForResponse((response) => response.url().endsWith('/graphql'));
    await page.getByRole('button', { name: /Execute query/ }).click();
    const result = page.locator('.graphiql-response');
    await result.getByText('"Chair"').waitFor();
    expect(await result.innerText()).not.toContain('rating');
    release();
    await result.getByText('"rating"').first().waitFor();
    const { 'content-type': type } = (await answered).headers();
    expect(type).toContain('deferSpec=20220824');
    expect(foreignRequests).toEqual([]);
  });
});
