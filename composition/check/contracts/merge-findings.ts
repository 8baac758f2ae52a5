import type { Finding } from '../finding.ts';

/** Says once what is found in several contracts alone, with the names of them all. The order of the first ones stays. */
export function mergeFindings(findings: readonly Finding[]): readonly Finding[] {
  const merged = new Map<string, Finding>();
  for (const [at, finding] of findings.entries()) {
    const { onlyIn, ...said } = finding;
    const key = onlyIn ? JSON.stringify(said) : String(at);
    const known = merged.get(key)?.onlyIn;
    merged.set(key, known && onlyIn ? { ...finding, onlyIn: [...known, ...onlyIn] } : finding);
  }
  return [...merged.values()];
}
