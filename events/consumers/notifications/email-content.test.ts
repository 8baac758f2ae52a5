import { describe, expect, it } from '@jest/globals';
import { emailContent } from './email-content.ts';
import { amount } from './notice.ts';

describe('the content of an e-mail', () => {
  it('has what others wrote as text, not as markup', () => {
    const { html, text } = emailContent(
      { subject: 'Order 1', paragraphs: [`<img src=x onerror="alert('1')"> & more`] },
      '<script>',
    );
    expect(html).not.toMatch(/<(img|script)/);
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; more');
    expect(text).toContain(`<img src=x onerror="alert('1')"> & more`);
  });

  it('has its subject on one line', () => {
    const { subject } = emailContent({ subject: 'a\r\nBcc: b@c.example', paragraphs: [] }, 'A');
    expect(subject).toBe('a Bcc: b@c.example');
  });

  it.each([
    [1250, 'EUR', '€12.50'],
    [1250, 'JPY', 'JP¥1,250'],
    [1250, 'KWD', 'KWD 1.250'],
  ])('says %d minor units of %s as %s', (minor, currency, shown) => {
    expect(amount(minor, currency).replaceAll(/\s/g, ' ')).toBe(shown);
  });
});
