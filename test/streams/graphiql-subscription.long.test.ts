import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { patienceMs } from '../support/patience.ts';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';
import { placeOrder } from './place-order.ts';

const executablePath = '/usr/bin/chromium';
const inBrowser = existsSync(executablePath) ? describe : describe.skip;

/** Where to save a picture of the page, such as docs/images/graphiql-subscription.png; nowhere by default. */
const picture = process.env.GRAPHIQL_PICTURE;

inBrowser('streams: a subscription in GraphiQL, in a browser without another network', () => {
  const foreignRequests: string[] = [];
  let shop: TestStorefront;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    shop = await startTestStorefront();
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
    });
    page = await browser.newPage({ viewport: { width: 1500, height: 640 } });
    page.setDefaultTimeout(patienceMs / 2);
    await page.route('**/*', async (route) => {
      const url = route.request().url();
      if (url.startsWith(shop.gatewayUrl) || /^(data|blob):/.test(url)) return route.continue();
      foreignRequests.push(url);
      return route.abort();
    });
  });
  afterAll(async () => {
    await browser.close();
    await shop.stop();
  });

  it('shows the state of an order as it changes', async () => {
    const john = await shop.login(accounts.john);
    const order = await placeOrder(shop, john, '1', 1, false);
    await page.goto(`${shop.gatewayUrl}/graphiql`);
    await page.getByRole('button', { name: 'John (customer)' }).click();
    await page.getByText('Logged in as john@example.com').waitFor();
    await page.locator('.graphiql-query-editor .view-lines').first().click();
    await page.keyboard.press('Control+A');
    const events = `orderStatusChanged(orderId: "${order}", withCurrent: true)`;
    await page.keyboard.insertText(
      `subscription { ${events} { id status user { name } items { quantity product { name } } } }`,
    );
    // The editor has closed the first brace itself.
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: /Prettify/ }).click();
    await page.locator('.graphiql-query-editor .view-line').last().click();
    await page.keyboard.press('Control+Home');
    const opened = page.waitForResponse((response) => response.url().endsWith('/graphql'));
    await page.getByRole('button', { name: /Execute query/ }).click();
    const result = page.locator('.graphiql-response');
    await result.getByText('"RESERVED"').waitFor();
    expect((await opened).headers()['content-type']).toMatch(/^text\/event-stream/);
    const payment = 'payment: { method: CARD, token: "tok_visa" }';
    await shop.ask(
      john,
      `mutation { payOrder(input: { id: "${order}", ${payment} }) { order { id } } }`,
    );
    // A paid order is shipped by itself.
    await result.getByText('"SHIPPED"').waitFor();
    await result.getByText('"John Doe"').waitFor();
    if (picture !== undefined) {
      await mkdir(dirname(picture), { recursive: true });
      await page.screenshot({ path: picture });
    }
    await page.getByRole('button', { name: /Stop query|Cancel|Stop/ }).click();
    expect(foreignRequests).toEqual([]);
  });
});
