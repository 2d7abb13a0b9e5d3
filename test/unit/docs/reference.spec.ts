import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  credentialKeys,
  environmentFallbacks,
  orgsVariable,
  type OrgSettingKey,
} from '../../../provider/src/signIn/configuration.js';
import {
  defaultTimeoutMinutes,
  knownApiVersions,
  previewModes,
} from '../../../provider/src/signIn/settingValues.js';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { codeBlock } from '../../support/codeBlocks.js';
import { mappingOf, type Mapping } from '../../support/workflows.js';
import { isCode, isTable, readPage, type Page } from '../../support/pages.js';

/** The rows of a page's first table whose head begins with a text: the raw Markdown of their cells. */
function rowsOf({ tokens }: Page, head: string): string[][] {
  const table = tokens.filter(isTable).find(({ header }) => header[0]?.text === head);
  assert.ok(table, `a table whose head begins with ${head}`);
  return table.rows.map((row) => row.map(({ text }) => text));
}

describe('docs/configuration.md', () => {
  const rows = rowsOf(readPage('docs/configuration.md'), 'key');
  const rowOf = (key: string): string[] => rows.find(([name]) => name === `\`${key}\``) ?? [];

  it('has every key with its environment variables, and no other key', () => {
    const keys = Object.keys(environmentFallbacks) as OrgSettingKey[];
    const expected = keys.map((key) => [
      key,
      environmentFallbacks[key].map((name) => `\`${name}\``).join(', '),
    ]);
    assert.deepEqual(
      rows.map(([key = '', variables]) => [key.replaceAll('`', ''), variables]).sort(),
      [...expected, ['orgs', `\`${orgsVariable}\``]].sort(),
    );
  });

  it('marks the credentials, and only them, as secrets', () => {
    const marked = rows.filter(([, , value]) => value?.startsWith('**secret**'));
    assert.deepEqual(
      new Set(marked.map(([key]) => key)),
      new Set([...credentialKeys].map((key) => `\`${key}\``)),
    );
  });

  it('has the allowed values and defaults of the code', () => {
    const { oldest, newest } = knownApiVersions;
    assert.ok(rowOf('apiVersion')[2]?.includes(`\`${oldest}.0\` to \`${newest}.0\``));
    assert.deepEqual(new Set(rowOf('preview')[2]?.match(/(?<=`)\w+(?=`)/g)), new Set(previewModes));
    assert.equal(rowOf('timeoutMinutes')[3], `\`${defaultTimeoutMinutes}\``);
  });
});

describe('docs/_index.md, the page for the Pulumi Registry', () => {
  const schema = mappingOf(JSON.parse(readFileSync(join(repositoryFolder, 'provider/schema.json'), 'utf8')));
  const languages = mappingOf(schema['language']);
  const text = readFileSync(join(repositoryFolder, 'docs/_index.md'), 'utf8');

  it('begins with the front matter of a package, and has no first-level heading', () => {
    const [, frontMatter = '', body = ''] = /^---\n([^]*?)\n---\n([^]*)$/.exec(text) ?? [];
    const { title, layout, meta_desc: description } = mappingOf(parse(frontMatter));
    assert.deepEqual([title, layout], [schema['displayName'], 'package']);
    assert.match(String(description), /^.{60,160}$/);
    assert.doesNotMatch(body.replace(/^```[^]*?^```$/gm, ''), /^# /m);
  });

  it('has an example in each language of its chooser, with the names of the packages', () => {
    const chooser = /^\{\{< chooser language "(.*)" >\}\}$/m.exec(text)?.[1]?.split(',');
    const choosable =
      /^\{\{% choosable language (\w+) %\}\}\n\n```(\w+)\n[^]*?^```\n\n\{\{% \/choosable %\}\}$/gm;
    const shown = [...text.matchAll(choosable)].map(([, language, block]) => [language, block]);
    assert.deepEqual(
      shown,
      chooser?.map((language) => [language, language]),
    );
    const { nodejs, python, go } = languages;
    const names = [
      `from '${String(mappingOf(nodejs)['packageName'])}'`,
      `import ${String(mappingOf(python)['packageName'])} as`,
      `"${String(mappingOf(go)['importBasePath'])}"`,
    ];
    for (const name of names) assert.ok(text.includes(name), `it has ${name}`);
  });

  it('has every key of the configuration, as the schema describes it', () => {
    const variables = Object.entries(mappingOf(mappingOf(schema['config'])['variables']));
    const expected = variables.map(([key, value]) => {
      const { description, secret } = mappingOf(value);
      const [meaning = '', variable = ''] = String(description).split(' Environment variable: ');
      return [
        `\`${key}\``,
        variable.replace(/\.$/, ''),
        `${secret === true ? '**secret**: ' : ''}${meaning}`,
      ];
    });
    assert.deepEqual(rowsOf(readPage('docs/_index.md'), 'key'), expected);
  });

  it('installs an archive as docs/native-install.md does', () => {
    assert.equal(
      codeBlock('docs/_index.md', 'pulumi plugin install'),
      codeBlock('docs/native-install.md', 'pulumi plugin install'),
    );
  });
});

describe('docs/upgrading.md', () => {
  const rows = new Map(
    rowsOf(readPage('docs/upgrading.md'), 'part').map(([part = '', versions = '']) => [part, versions]),
  );
  const manifestOf = (folder: string): Mapping =>
    mappingOf(JSON.parse(readFileSync(join(repositoryFolder, folder, 'package.json'), 'utf8')));
  const peer = (folder: string, name: string): string =>
    String(mappingOf(manifestOf(folder)['peerDependencies'])[name]).replace('^', '');

  it('has the versions that the packages and the code require', () => {
    const node = String(mappingOf(manifestOf('provider')['engines'])['node']).replace(/^>=|\.0$/g, '');
    assert.ok(rows.get('Node.js')?.startsWith(`${node} or newer`), node);
    assert.ok(rows.get('`@pulumi/pulumi`')?.startsWith(`${peer('provider', '@pulumi/pulumi')} or newer`));
    assert.ok(
      rows
        .get('`@pulumi/policy`, for the policies')
        ?.startsWith(`${peer('policy-pack', '@pulumi/policy')} or newer`),
    );
    const { oldest, newest } = knownApiVersions;
    assert.ok(rows.get('Metadata API')?.startsWith(`${oldest}.0 to ${newest}.0.`));
  });
});

describe('docs/permissions.md', () => {
  it('explains every permission of its permission sets', () => {
    const page = readPage('docs/permissions.md');
    const explained = rowsOf(page, 'permission in Setup').map(([, name]) => name?.replaceAll('`', ''));
    const sets = page.tokens.filter(isCode).map(({ text }) => text);
    const rights = sets.map((text) => [...text.matchAll(/<name>(\w+)/g)].map(([, name]) => name));
    assert.deepEqual(
      rights.map((names) => names.filter((name) => !explained.includes(name))),
      sets.map(() => []),
    );
    assert.ok(rights.length === 3 && rights.every((names) => names.includes('ApiEnabled')));
  });
});

describe('ARCHITECTURE.md', () => {
  it('lists files and folders that exist', () => {
    const listed: string[] = [];
    let folder = '';
    for (const line of codeBlock('ARCHITECTURE.md', 'provider/  ').trimEnd().split('\n')) {
      const [, indent = '', names = ''] = /^( *)(\S+(?: \S+)*)/.exec(line) ?? [];
      // What goes on from the line above begins further right.
      if (indent.length > 2) continue;
      if (indent === '') folder = names;
      listed.push(...names.split(', ').map((name) => (indent === '' ? name : folder + name)));
    }
    assert.ok(listed.includes('provider/src/reports/') && listed.includes('tools/'));
    assert.deepEqual(
      listed.filter((path) => !existsSync(join(repositoryFolder, path))),
      [],
    );
  });
});
