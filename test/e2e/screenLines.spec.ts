import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { appNames, installerOf, programOf } from '../../tools/bench/programs.js';
import { putApp } from '../support/localApps.js';
import { jwtBearerEnvironment } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

const count = 30;
const screen = ['--non-interactive', '--color', 'never'];

/** The lines that each command prints, by command. */
type Lines = Record<'preview' | 'up' | 'previewOfChange' | 'change' | 'destroy', string[]>;

describe(`the lines in a log of ${count} apps beyond those of Pulumi itself`, function () {
  this.timeout(300_000);
  let server: LocalOrgServer;
  let empty: Lines;
  let ours: Lines;

  const run = async (contender: 'empty' | 'ours'): Promise<Lines> => {
    const apps = appNames(count);
    const org = server.org('dev');
    for (const app of apps) putApp(org, app);
    const install = installerOf(contender);
    const stack = await PulumiStack.create({
      program: programOf(contender, apps, 30),
      env: { ...jwtBearerEnvironment(org), COLUMNS: '80' },
      ...(install === undefined ? {} : { install }),
    });
    const linesOf = async (...args: string[]): Promise<string[]> =>
      (await stack.run([...args, ...screen])).stdout.trim().split('\n');
    const update = ['up', '--yes', '--skip-preview', '--parallel', String(count)];
    try {
      const preview = await linesOf('preview');
      const up = await linesOf(...update);
      await stack.setProgram(programOf(contender, apps, 60));
      const previewOfChange = await linesOf('preview');
      const change = await linesOf(...update);
      const destroy = await linesOf('destroy', '--yes', '--skip-preview', '--parallel', String(count));
      return { preview, up, previewOfChange, change, destroy };
    } finally {
      await stack.dispose();
    }
  };

  before(async () => {
    server = await startLocalOrg();
    empty = await run('empty');
    ours = await run('ours');
  });
  after(() => server.close());

  const limits: readonly [command: keyof Lines, what: string, perApp: number][] = [
    ['preview', 'a preview of new apps', 1],
    ['up', 'up of new apps', 3],
    ['previewOfChange', 'a preview of a change', 1],
    ['change', 'up of a change', 1],
    ['destroy', 'destroy', 1],
  ];
  for (const [command, what, perApp] of limits) {
    it(`are at most ${perApp} line${perApp === 1 ? '' : 's'} per app and 10 more in ${what}`, () => {
      const further = ours[command].length - empty[command].length;
      assert.ok(further <= perApp * count + 10, `${further} lines more:\n${ours[command].join('\n')}`);
    });
  }

  /** How many apps the lines at the end with a text are about. */
  const appsIn = (lines: readonly string[], text: string): number =>
    lines
      .slice(lines.indexOf('Diagnostics:'))
      .filter((line) => line.includes(text))
      .map((line) => line.match(/"[^"]+"/g)!.length + Number(/ and (\d+) more/.exec(line)?.[1] ?? 0))
      .reduce((sum, apps) => sum + apps, 0);

  it('show the live difference of each new app once in the list at the end', () => {
    assert.equal(appsIn(ours.preview, 'up would change isNamedUserJwtEnabled false → true'), count);
  });

  it('show what destroy has restored for each app once in the list at the end', () => {
    assert.equal(appsIn(ours.destroy, 'restored isNamedUserJwtEnabled true → false'), count);
  });
});
