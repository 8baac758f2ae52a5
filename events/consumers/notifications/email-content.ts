import type { Notice } from './notice.ts';

/** The content of an e-mail as text and HTML. */
export interface EmailContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The e-mail for a notice. Text from customers and others is escaped, never markup. */
export function emailContent(
  { subject, paragraphs }: Pick<Notice, 'subject' | 'paragraphs'>,
  name: string,
): EmailContent {
  const lines = [`Hello ${name},`, ...paragraphs, 'Your shop'];
  return {
    subject: onOneLine(subject),
    text: `${lines.join('\n\n')}\n`,
    html: [
      '<!doctype html>',
      `<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head><body>`,
      ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
      '</body></html>',
      '',
    ].join('\n'),
  };
}

/** Escapes text for HTML elements and quoted attributes. */
function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A line break in a header would start another header. */
function onOneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}
