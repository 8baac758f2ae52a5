import { createHash } from 'node:crypto';
import type { Finding } from '../finding.ts';

/**
 * A fingerprint for each finding, by which a tool recognizes it: it stays the same when lines move or the wording changes,
 * and is unique within a report.
 */
export function fingerprintsOf(findings: readonly Finding[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ code, coordinate, message, place, onlyIn }) => {
    const about = [code, coordinate ?? message, place?.subgraph ?? ''];
    // What only contracts have is another finding in others of them; those that have it, too, change nothing.
    const identity = JSON.stringify(onlyIn ? [...about, onlyIn] : about);
    const earlier = seen.get(identity) ?? 0;
    seen.set(identity, earlier + 1);
    return createHash('sha256').update(`${identity}${earlier}`).digest('hex').slice(0, 32);
  });
}
