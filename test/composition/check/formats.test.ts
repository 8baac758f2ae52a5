import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import Ajv from 'ajv';
import type { CheckReport, Finding } from '../../../composition/check/finding.ts';
import { fingerprintsOf } from '../../../composition/check/formats/fingerprint.ts';
import { formats } from '../../../composition/check/formats/formats.ts';
import { writeStepSummary } from '../../../composition/check/formats/step-summary.ts';
import { controls, emptyReport, hostile, reportWith, sampleReport } from './sample-report.ts';

const require = createRequire(import.meta.url);
const draft04 = require('ajv/lib/refs/json-schema-draft-04.json') as object;
const sarifSchema = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as object;
const reportSchema = require('../../../composition/check-report.schema.json') as object;

function formatted(name: string, report: CheckReport, isColoured = false): string {
  const format = formats.get(name);
  if (!format) throw new Error(`${name} is not a format`);
  return format(report, { isColoured });
}

/** Checks a document against a JSON Schema; gives what is wrong. */
function mistakesIn(schema: object, document: string): unknown {
  const ajv = new Ajv({ schemaId: 'auto', unknownFormats: 'ignore', logger: false });
  ajv.addMetaSchema(draft04);
  const validate = ajv.compile(schema);
  return validate(JSON.parse(document)) === true ? [] : validate.errors;
}

describe.each([...formats.keys()])('format %s', (name) => {
  it('passes no control character on, however hostile the text', () => {
    expect(formatted(name, sampleReport)).not.toMatch(controls);
  });

  it('gives the same text for the same report', () => {
    expect(formatted(name, sampleReport)).toBe(formatted(name, sampleReport));
  });
});

describe('contracts', () => {
  const [finding] = sampleReport.findings;
  if (!finding) throw new Error('The sample has findings.');
  const report = (contracts: Pick<Finding, 'alsoIn' | 'onlyIn'>): CheckReport => ({
    ...emptyReport,
    findings: [{ ...finding, ...contracts }],
  });

  it.each([...formats.keys()])('are in the format %s', (name) => {
    const [also, only] = [
      formatted(name, report({ alsoIn: ['partner', 'public'] })),
      formatted(name, report({ onlyIn: ['public'] })),
    ];
    if (name === 'json') {
      expect(mistakesIn(reportSchema, also)).toEqual([]);
      expect(JSON.parse(also)).toMatchObject({ findings: [{ alsoIn: ['partner', 'public'] }] });
      expect(JSON.parse(only)).toMatchObject({ findings: [{ onlyIn: ['public'] }] });
    } else {
      expect(also).toContain('also in the contracts partner, public');
      expect(only).toContain('only in the contract public');
    }
  });

  it('do not change the fingerprint of what is in the graph, and tell apart what is in some alone', () => {
    const [bare, also, only, other] = [
      {},
      { alsoIn: ['public'] },
      { onlyIn: ['public'] },
      { onlyIn: ['partner'] },
    ].map((contracts) => fingerprintsOf(report(contracts).findings)[0]);
    expect(also).toBe(bare);
    expect(new Set([bare, only, other]).size).toBe(3);
  });
});

describe('format pretty', () => {
  it('shows the line with a caret, the operations with their clients, and the fix', () => {
    expect(formatted('pretty', sampleReport)).toContain(
      [
        'subgraphs/products/schema.graphql:12:3: error FIELD_REMOVED [products] Product.price',
        '  The field "Product.price" is gone.',
        '  12 |   price: Money!',
        '     |   ^',
        '  affects 2 operations:',
        '    ProductPage (web/product page.graphql:1:1): web 1.2 (340), ios (12)',
        '    1a2b3c4d',
        '  fix: Deprecate it first, and remove it when no operation uses it.',
      ].join('\n'),
    );
  });

  it('shows plans of a finding without a place', () => {
    expect(formatted('pretty', sampleReport)).toContain(
      [
        'warning PLAN_SLOWER',
        '  Me takes one step more.',
        '  before: users, orders',
        '  now: users, orders, products',
        '  fix: Keep @provides.',
      ].join('\n'),
    );
  });

  it('ends with a summary, after what is waived', () => {
    const lines = formatted('pretty', sampleReport).split('\n');
    expect(lines.slice(-2)).toEqual([
      'Compared with main (merge base 1a2b3c4). operations: 12, subgraphs: 3.',
      'Check failed: 2 errors, 1 warning, 1 note, 1 waived.',
    ]);
    expect(lines.at(-4)).toMatch(
      /^ {2}FIELD_REMOVED Product\.oldPrice until 2026-12-31, products team: a\|b/,
    );
    expect(formatted('pretty', emptyReport)).toBe(
      'Compared with main.\nCheck passed: nothing found.',
    );
  });

  it('has colours when asked, and no other escape sequence', () => {
    const text = formatted('pretty', sampleReport, true);
    const colour = /\u001b\[\d+m/g;
    expect(text).toMatch(colour);
    expect(text).not.toContain('\u001b[31mred');
    expect(text.replaceAll(colour, '')).toBe(formatted('pretty', sampleReport));
  });

  it('counts the operations that it does not list', () => {
    const [finding] = sampleReport.findings;
    const operations = Array.from({ length: 25 }, (_, n) => ({ name: `Q${n}`, clients: [] }));
    const report = { ...emptyReport, findings: finding ? [{ ...finding, operations }] : [] };
    expect(formatted('pretty', report)).toMatch(
      /affects 25 operations:\n(.+\n){10} {4}and 15 more/,
    );
  });
});

describe('format json', () => {
  it('follows its published schema', () => {
    expect(mistakesIn(reportSchema, formatted('json', sampleReport))).toEqual([]);
    expect(mistakesIn(reportSchema, formatted('json', emptyReport))).toEqual([]);
    expect(mistakesIn(reportSchema, '{"version": 2}')).not.toEqual([]);
  });

  it('keeps texts as they are, and says whether the check passed', () => {
    expect(JSON.parse(formatted('json', sampleReport))).toMatchObject({
      version: 2,
      passed: false,
      summary: { errors: 2, warnings: 1, notes: 1, waived: 1 },
      findings: [{ coordinate: 'Product.price' }, { message: hostile }, {}, {}],
      waived: [{ owner: 'products team', finding: { coordinate: 'Product.oldPrice' } }],
    });
    expect(JSON.parse(formatted('json', emptyReport))).toMatchObject({ passed: true });
  });
});

describe('format sarif', () => {
  it('follows the schema of SARIF 2.1.0', () => {
    const text = formatted('sarif', sampleReport);
    expect(mistakesIn(sarifSchema, text)).toEqual([]);
    expect(mistakesIn(sarifSchema, formatted('sarif', emptyReport))).toEqual([]);
    expect(mistakesIn(sarifSchema, '{"version": "2.1.0"}')).not.toEqual([]);
  });

  it('lists each rule once, with what its code means', () => {
    const { rules } = runOf(sampleReport).tool.driver;
    expect(rules.map(({ id }) => id)).toEqual([
      'ARGUMENT_TYPE_CHANGED',
      'FIELD_ADDED',
      'FIELD_REMOVED',
      'PLAN_SLOWER',
    ]);
    const [finding] = sampleReport.findings;
    const known = runOf({
      ...emptyReport,
      findings: finding ? [{ ...finding, code: 'KEY_MISSING' }] : [],
    });
    expect(known.tool.driver.rules).toEqual([
      {
        id: 'KEY_MISSING',
        shortDescription: { text: expect.stringContaining('entity') },
        help: { text: expect.stringContaining('@key') },
      },
    ]);
  });

  it('places results relative to the repository, in characters that an address may have', () => {
    const [first, second, third, fourth] = runOf(sampleReport).results;
    expect(first?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'subgraphs/products/schema.graphql', uriBaseId: '%SRCROOT%' },
      region: { startLine: 12, startColumn: 3 },
    });
    expect(first?.relatedLocations?.[0]?.physicalLocation.artifactLocation.uri).toBe(
      'web/product%20page.graphql',
    );
    expect(second?.locations[0]?.physicalLocation?.artifactLocation.uri).toMatch(
      /^[\w%!~*'().,/-]+$/,
    );
    expect(third?.locations[0]?.physicalLocation).toBeUndefined();
    expect(fourth?.locations[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: 'supergraph.yaml' },
      region: { startLine: 1 },
    });
  });

  it('knows a finding again when lines have moved, and two findings apart', () => {
    const prints = ({ results }: Run): unknown[] =>
      results.map(({ partialFingerprints }) => partialFingerprints['supergraphCheck/v1']);
    const before = prints(runOf(sampleReport));
    const moved = sampleReport.findings.map(({ place, ...finding }) => ({
      ...finding,
      ...(place && { place: { ...place, line: (place.line ?? 0) + 7, lineText: 'moved' } }),
    }));
    expect(prints(runOf({ ...sampleReport, findings: moved }))).toEqual(before);
    expect(new Set(before).size).toBe(5);
    const [finding] = sampleReport.findings;
    const twice = finding ? [finding, finding] : [];
    expect(new Set(prints(runOf({ ...emptyReport, findings: twice }))).size).toBe(2);
  });

  it('suppresses what is waived, with the reason', () => {
    expect(runOf(sampleReport).results[4]).toMatchObject({
      level: 'note',
      suppressions: [{ justification: expect.stringMatching(/^products team: .*2026-12-31/s) }],
    });
  });
});

describe('format junit', () => {
  it('fails for errors alone, and skips what is waived', () => {
    const xml = formatted('junit', sampleReport);
    expect(xml).toContain('<testsuites name="supergraph check" tests="5" failures="2" errors="0">');
    expect(xml).toContain(
      '<testsuite name="FIELD_REMOVED" tests="2" failures="1" errors="0" skipped="1">',
    );
    expect(xml.match(/<failure /g)).toHaveLength(2);
    expect(xml.match(/<skipped /g)).toHaveLength(1);
    expect(xml.match(/<system-out>/g)).toHaveLength(2);
  });

  it('has one case that passes when nothing was found', () => {
    expect(formatted('junit', emptyReport)).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuites name="supergraph check" tests="1" failures="0" errors="0">',
        '<testsuite name="schema check" tests="1" failures="0" errors="0" skipped="0">',
        '<testcase classname="schema check" name="nothing found"/>',
        '</testsuite>',
        '</testsuites>',
      ].join('\n'),
    );
  });

  it('is well-formed XML, whatever the texts are', () => {
    const xml = formatted('junit', sampleReport);
    expect(xml).not.toContain(']]>');
    expect(xml).not.toMatch(/[\ufffe\uffff\p{Surrogate}]/u);
    const open: string[] = [];
    const rest = xml.replaceAll(
      /<(\/?)([\w-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g,
      (_, isEnd: string, name: string, _attributes: string, isEmpty: string) => {
        if (isEnd) expect(open.pop()).toBe(name);
        else if (!isEmpty) open.push(name);
        return '';
      },
    );
    expect(open).toEqual([]);
    expect(rest.replace('<?xml version="1.0" encoding="UTF-8"?>', '')).not.toMatch(/[<>]/);
    expect(rest).not.toMatch(/&(?!(amp|lt|gt|quot|apos);)/);
  });
});

describe('format github', () => {
  it('annotates the line', () => {
    expect(formatted('github', sampleReport).split('\n')[0]).toBe(
      '::error file=subgraphs/products/schema.graphql,line=12,col=3,title=FIELD_REMOVED Product.price::The field "Product.price" is gone.%0AAffects ProductPage: web 1.2 (340), ios (12)%0AAffects 1a2b3c4d%0AFix: Deprecate it first, and remove it when no operation uses it.',
    );
  });

  it('escapes what would end a property, a command or its line', () => {
    const [, second = '', ...others] = formatted('github', sampleReport).split('\n');
    expect(others).toHaveLength(3);
    const [, properties = '', text = ''] = /^::error (.*?)::(.*)$/.exec(second) ?? [];
    expect(properties.split(',')).toHaveLength(4);
    expect(properties).toContain('file=schemas/a%2Cb%3Ac a|b');
    expect(text).toContain('%250A::error::no');
  });

  it('prints the worst first, and says that GitHub does not show all', () => {
    const { findings } = sampleReport;
    const shuffled = formatted('github', { ...sampleReport, findings: [...findings].reverse() });
    expect(shuffled.split('\n').map((line) => line.split(' ')[0])).toEqual([
      '::error',
      '::error',
      '::warning',
      '::notice',
      '::notice',
    ]);
    expect(shuffled).not.toContain('see the summary');
    expect(formatted('github', reportWith(11))).toMatch(
      /::notice title=Schema check::Check failed: 11 errors\. GitHub shows 10 of a kind: see the summary of the step\. Compared with main\.$/,
    );
  });
});

describe('format markdown', () => {
  it('has a row for each finding and waiver', () => {
    const lines = formatted('markdown', sampleReport).split('\n');
    expect(lines.slice(0, 6)).toEqual([
      '## Schema check',
      '',
      '**Check failed: 2 errors, 1 warning, 1 note, 1 waived.** Compared with main \\(merge base 1a2b3c4\\). operations: 12, subgraphs: 3.',
      '',
      '| | what | where | message | fix |',
      '|-|-|-|-|-|',
    ]);
    expect(lines).toHaveLength(11);
    expect(lines[6]).toBe(
      '| error | `FIELD_REMOVED`<br>`Product.price` | `subgraphs/products/schema.graphql:12:3` | The field "Product.price" is gone.<br>affects `ProductPage` of `web 1.2 (340), ios (12)`, `1a2b3c4d` | Deprecate it first, and remove it when no operation uses it. |',
    );
  });

  it('lets no text end a cell, a code span or the table, or mention people', () => {
    const rows = formatted('markdown', sampleReport).split('\n').slice(6);
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(6);
    const outsideCode = rows.join('\n').replaceAll(/(`+)(?!`).+?(?<!`)\1(?!`)/g, '');
    expect(outsideCode).not.toMatch(/<(?!br>|!-- -->)/);
    expect(outsideCode).not.toMatch(/[@#]\w/);
  });

  it('stays within the limit of a comment, and says how many are left out', () => {
    const text = formatted('markdown', reportWith(1000));
    const shown = text.match(/^\| error/gm)?.length ?? 0;
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text.length).toBeGreaterThan(64_000);
    expect(text.split('\n').at(-1)).toBe(
      `${1000 - shown} more findings left out: the text would be too long.`,
    );
  });

  it('shortens one text that is longer than all others may be', () => {
    const [finding] = sampleReport.findings;
    const long = 'x'.repeat(100_000);
    const findings = finding ? [{ ...finding, message: long, fix: long }, finding] : [];
    const text = formatted('markdown', { ...emptyReport, findings });
    expect(text).toMatch(/x…/);
    expect(text.match(/^\| error/gm)).toHaveLength(2);
  });

  it('is added to the summary of a step in GitHub Actions, and nowhere else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'summary-'));
    try {
      const file = join(folder, 'summary.md');
      const environment = { GITHUB_STEP_SUMMARY: file };
      expect(await writeStepSummary(sampleReport, {})).toBe(false);
      expect(await writeStepSummary(sampleReport, environment)).toBe(true);
      expect(await writeStepSummary(reportWith(20_000), environment)).toBe(true);
      const written = await readFile(file, 'utf8');
      expect(written.startsWith(`${formatted('markdown', sampleReport)}\n## Schema check`)).toBe(
        true,
      );
      expect(Buffer.byteLength(written)).toBeLessThan(1024 * 1024);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly results: readonly {
    readonly locations: readonly { readonly physicalLocation?: PhysicalLocation }[];
    readonly relatedLocations?: readonly { readonly physicalLocation: PhysicalLocation }[];
    readonly partialFingerprints: Readonly<Record<string, string>>;
  }[];
}

interface PhysicalLocation {
  readonly artifactLocation: { readonly uri: string };
}

function runOf(report: CheckReport): Run {
  const { runs } = JSON.parse(formatted('sarif', report)) as { readonly runs: readonly [Run] };
  return runs[0];
}
