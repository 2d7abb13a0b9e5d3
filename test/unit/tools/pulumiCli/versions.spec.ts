import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goFailure } from '../../../../tools/pulumiCli/goBuild.js';
import { formatDuration } from '../../../../tools/pulumiCli/progress.js';
import { repositoryFolder } from '../../../../tools/pulumiCli/repository.js';
import {
  obtainedCliVersion,
  obtainedHostsVersion,
  obtainedYamlHostVersion,
  oldestGoVersion,
  parseCliVersion,
} from '../../../../tools/pulumiCli/versions.js';

describe('the version of the Pulumi CLI', () => {
  for (const [output, version] of [
    ['v3.259.0\n', '3.259.0'],
    ['3.254.1', '3.254.1'],
    ['v3.260.0-alpha.x1\r\n', '3.260.0-alpha.x1'],
    ['', undefined],
    ['command not found', undefined],
  ] as const) {
    it(`is ${version ?? 'not known'} in ${JSON.stringify(output)}`, () => {
      assert.equal(parseCliVersion(output)?.version, version);
    });
  }

  it('is the same in go.mod, with the oldest Go that builds it', async () => {
    const goMod = await readFile(join(repositoryFolder, 'tools/pulumiCli/go/cli/go.mod'), 'utf8');
    assert.match(goMod, new RegExp(`^go ${oldestGoVersion}$`, 'm'));
    assert.ok(goMod.includes(`github.com/pulumi/pulumi/pkg/v3 v${obtainedCliVersion.version} `));
  });
});

describe('the versions of the language hosts', () => {
  for (const [module, pinned] of [
    ['yaml-language-host', `github.com/pulumi/pulumi-yaml v${obtainedYamlHostVersion}`],
    ['language-hosts', `github.com/pulumi/pulumi/sdk/v3 v${obtainedHostsVersion}`],
  ] as const) {
    it(`are the same in the go.mod of ${module}, which requires no newer Go than the CLI`, async () => {
      const goMod = await readFile(join(repositoryFolder, 'tools/pulumiCli/go', module, 'go.mod'), 'utf8');
      assert.match(goMod, new RegExp(`^go ${oldestGoVersion}$`, 'm'));
      assert.ok(goMod.includes(`${pinned} `));
    });
  }
});

describe('what is reported of a failed go command', () => {
  it('consists of its last lines without the downloads', () => {
    const downloads = Array.from(
      { length: 20 },
      (_, index) => `go: downloading example.com/m${index} v1.0.0\n`,
    );
    assert.equal(
      goFailure('build', `${downloads.join('')}go: example.com/m: 403 Forbidden\n\tnot available\n`),
      '"go build" failed: go: example.com/m: 403 Forbidden\n\tnot available',
    );
  });
});

describe('a duration', () => {
  for (const [milliseconds, text] of [
    [0, '0 s'],
    [59_400, '59 s'],
    [59_600, '1 min 0 s'],
    [125_000, '2 min 5 s'],
  ] as const) {
    it(`of ${milliseconds} ms is ${text}`, () => {
      assert.equal(formatDuration(milliseconds), text);
    });
  }
});
