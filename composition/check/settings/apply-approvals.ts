import { type CheckCodeName, checkCodeOf } from '../codes.ts';
import type { Finding, WaivedFinding } from '../finding.ts';
import type { Approval } from './approvals.ts';

/** Waives approved findings, and reports approvals that have expired or match nothing. */
export function applyApprovals(
  findings: readonly Finding[],
  approvals: readonly Approval[],
  now: Date,
): { readonly findings: readonly Finding[]; readonly waived: readonly WaivedFinding[] } {
  const today = now.toISOString().slice(0, 10);
  const valid = approvals.filter(({ until }) => until >= today);
  const used = new Set<Approval>();
  const waived: WaivedFinding[] = [];
  const left = findings.filter((finding) => {
    const approval = valid.find((each) => isFor(each, finding));
    if (!approval) return true;
    used.add(approval);
    const { owner, why, until } = approval;
    waived.push({ finding, owner, why, until });
    return false;
  });
  const about = approvals.flatMap((approval) => {
    if (approval.until < today) {
      return [
        findingOf(
          'APPROVAL_EXPIRED',
          approval,
          `The approval of ${nameOf(approval)} by ${approval.owner} held until ${approval.until}.`,
        ),
      ];
    }
    if (used.has(approval)) return [];
    return [
      findingOf(
        'APPROVAL_UNUSED',
        approval,
        `The approval of ${nameOf(approval)} by ${approval.owner} meets no finding.`,
      ),
    ];
  });
  return { findings: [...left, ...about], waived };
}

/** Findings of contracts are still apart here. */
function isFor({ code, coordinate, contract }: Approval, finding: Finding): boolean {
  if (finding.code !== code || finding.onlyIn?.[0] !== contract) return false;
  if (finding.coordinate !== undefined) return finding.coordinate === coordinate;
  return finding.operations.length === 0
    ? coordinate === undefined
    : finding.operations.some(({ name }) => name === coordinate);
}

function nameOf({ code, coordinate, contract }: Approval): string {
  const about = coordinate === undefined ? code : `${code} ${coordinate}`;
  return contract === undefined ? about : `${about} in the contract ${contract}`;
}

function findingOf(code: CheckCodeName, { place }: Approval, message: string): Finding {
  const { severity, fix } = checkCodeOf(code);
  return { code, severity, message, place, operations: [], details: [], fix };
}
