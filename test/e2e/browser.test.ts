import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { patienceMs } from '../support/patience.ts';
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
    page.setDefaultTimeout(patienceMs);
    page.on('pageerror', (error) => problems.push(error.message));
    await page.route('**/*', async (route) => {
      const url = route.request().url();
      if (url.startsWith(storefront.gatewayUrl) || /^(data|blob):/.test(url))
        return route.continue();
      foreignRequests.push(url);
      return route.abort();
    });
  });
  afterAll(async () => {
    await browser.close();
    await storefront.stop();
  });

  it('loads without any other network and runs the main query for a viewer who has logged in there', async () => {
    await page.goto(`${storefront.gatewayUrl}/graphiql`);
    await page.getByText('Not logged in').waitFor();
    await page.getByRole('button', { name: 'John (customer)' }).click();
    await page.getByText('Logged in as john@example.com').waitFor();

    await page.getByRole('button', { name: /Execute query/ }).click();
    const result = page.locator('.graphiql-response');
    await result.getByText('999.99').waitFor();
    const text = (await result.innerText()).replaceAll('\u00a0', ' ');
    expect(text).toContain('"name": "John Doe"');
    expect(text).toContain('"email": "john@example.com"');
    expect(text).not.toContain('"errors"');
    expect(foreignRequests).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('runs a query anonymously after logging out', async () => {
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('Not logged in').waitFor();
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.locator('.graphiql-response').getByText('"order": null').waitFor();
  });

  it('reports a wrong password next to the form, readably', async () => {
    await page.getByLabel('E-mail').fill('john@example.com');
    await page.getByLabel('Password').fill('wrong-password');
    await page.getByRole('button', { name: 'Log in' }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'Invalid credentials' });
    await alert.waitFor();
    const said = await alert.boundingBox();
    const form = await page.locator('#session-login').boundingBox();
    const distance = (said?.x ?? Number.NaN) - (form?.x ?? Number.NaN);
    expect(distance).toBeGreaterThanOrEqual(0);
    expect(distance).toBeLessThan(form?.width ?? 0);
    expect(await contrastOf(alert)).toBeGreaterThan(4.5);
    await page.getByRole('button', { name: 'John (customer)' }).click();
    await page.getByText('Logged in as john@example.com').waitFor();
    expect(await alert.count()).toBe(0);
  });

  it('shows all variables of the login tab', async () => {
    await page.getByRole('tab', { name: 'Login' }).click();
    const variables = page.locator('.graphiql-editor-tool');
    await variables.getByText('"pass456"').waitFor();
    // The editor grows to fit its text after the tab is shown.
    const isInside = async (): Promise<boolean> => {
      const last = await variables.getByText('"pass456"').boundingBox();
      const tool = await variables.boundingBox();
      if (!last || !tool) return false;
      return (
        last.x + last.width < tool.x + tool.width && last.y + last.height < tool.y + tool.height
      );
    };
    await eventually(isInside, Boolean);
  });
});

/** Between an element's text and its background (WCAG 2.2 §1.4.3 asks for 4.5). */
async function contrastOf(element: Locator): Promise<number> {
  const [text = 0, ground = 0] = await element.evaluate((node) => {
    const { color, backgroundColor } = getComputedStyle(node);
    return [color, backgroundColor].map((written) => {
      const [red = 0, green = 0, blue = 0] = (written.match(/\d+/g) ?? []).map((part) => {
        const value = Number(part) / 255;
        return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    });
  });
  return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
}
