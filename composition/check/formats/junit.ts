import { printable, printableLine } from '../../printable.ts';
import { formatPlace } from '../../problem.ts';
import type { Finding, WaivedFinding } from '../finding.ts';
import { clientsInWords } from './clients.ts';
import { aboutOf, contractsInWords } from './contracts.ts';
import type { Format } from './format.ts';
import { countsOf } from './summary.ts';

/**
 * JUnit XML: a suite for each code, a test case for each finding. An error is a failure; a warning or note, which does not
 * fail the check, is a passing case with output; a waived finding is a skipped case. Without findings, one case passes.
 */
export const junit: Format = (report) => {
  const { findings, waived } = report;
  const { error } = countsOf(report);
  const cases = [...findings.map(caseOf), ...waived.map(waivedCaseOf)];
  const shown = cases.length > 0 ? cases : [passing];
  const suites = [...new Set(shown.map(({ suite }) => suite))];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    element(
      'testsuites',
      { name: 'supergraph check', tests: shown.length, failures: error, errors: 0 },
      suites.map((suite) => suiteOf(suite, shown)),
    ),
  ].join('\n');
};

interface Case {
  readonly suite: string;
  readonly outcome: 'failed' | 'passed' | 'skipped';
  readonly xml: string;
}

const passing: Case = {
  suite: 'schema check',
  outcome: 'passed',
  xml: element('testcase', { classname: 'schema check', name: 'nothing found' }, []),
};

function suiteOf(name: string, cases: readonly Case[]): string {
  const own = cases.filter(({ suite }) => suite === name);
  const having = (outcome: Case['outcome']): number =>
    own.filter((each) => each.outcome === outcome).length;
  return element(
    'testsuite',
    {
      name,
      tests: own.length,
      failures: having('failed'),
      errors: 0,
      skipped: having('skipped'),
    },
    own.map(({ xml }) => xml),
  );
}

function caseOf(finding: Finding): Case {
  const { code, severity, message } = finding;
  const isFailure = severity === 'error';
  const inner = isFailure
    ? element('failure', { type: code, message: printableLine(message) }, [
        escaped(textOf(finding)),
      ])
    : element('system-out', {}, [escaped(`${severity}: ${textOf(finding)}`)]);
  return {
    suite: code,
    outcome: isFailure ? 'failed' : 'passed',
    xml: element('testcase', nameOf(finding), [inner]),
  };
}

function waivedCaseOf({ finding, owner, why, until }: WaivedFinding): Case {
  const message = printableLine(`waived until ${until}, ${owner}: ${why}`);
  return {
    suite: finding.code,
    outcome: 'skipped',
    xml: element('testcase', nameOf(finding), [element('skipped', { message }, [])]),
  };
}

function nameOf(finding: Finding): Readonly<Record<string, string | number>> {
  const { code, message, place } = finding;
  return {
    classname: code,
    name: printableLine(aboutOf(finding) ?? message),
    ...(place && { file: printableLine(place.file) }),
    ...(place?.line !== undefined && { line: place.line }),
  };
}

function textOf(finding: Finding): string {
  const { message, place, operations, details, fix } = finding;
  const contracts = contractsInWords(finding);
  return [
    message,
    ...(contracts === undefined ? [] : [contracts]),
    ...(place ? [`at ${formatPlace(place)}`] : []),
    ...operations.map((operation) => {
      const clients = clientsInWords(operation);
      return `affects ${operation.name}${clients === '' ? '' : `: ${clients}`}`;
    }),
    ...details,
    `fix: ${fix}`,
  ].join('\n');
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[],
): string {
  const start = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join('');
  if (children.length === 0) return `<${name}${start}/>`;
  const separator = name.startsWith('test') ? '\n' : '';
  return [`<${name}${start}>`, ...children, `</${name}>`].join(separator);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 cannot represent most control characters or unpaired surrogates, not even escaped. */
function escaped(text: string): string {
  return printable(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
