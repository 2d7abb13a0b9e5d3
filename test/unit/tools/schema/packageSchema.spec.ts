import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resourceType } from '../../../../provider/src/resourceType.js';
import { credentialKeys, settingNames } from '../../../../provider/src/signIn/configuration.js';
import {
  defaultTimeoutMinutes,
  knownApiVersions,
  previewModes,
} from '../../../../provider/src/signIn/settingValues.js';
import { examples, metadata } from '../../../../tools/schema/metadata.js';
import { packageSchema, schemaFile } from '../../../../tools/schema/packageSchema.js';
import { mappingOf, type Mapping } from '../../../support/workflows.js';

describe('the schema of the package salesforce-eca', () => {
  const text = readFileSync(schemaFile, 'utf8');
  const schema = mappingOf(JSON.parse(text));
  const at = (...path: string[]): Mapping =>
    path.reduce<Mapping>((mapping, key) => mappingOf(mapping[key]), schema);
  const settings = at('config', 'variables');
  const descriptionOf = (key: string): string => String(mappingOf(settings[key])['description']);

  it('is what the interfaces of the provider and their doc comments say', function () {
    this.timeout(60_000);
    assert.equal(packageSchema(), text, 'run "npm run schema", then "npm run sdks"');
  });

  it('has every setting for stacks and explicit providers, and no other', () => {
    assert.deepEqual(Object.keys(settings).sort(), [...settingNames].sort());
    assert.deepEqual(at('provider', 'inputProperties'), settings);
  });

  it('marks the credentials, and the orgs, which contain some, as secrets', () => {
    const secrets = (properties: Mapping): string[] =>
      Object.keys(properties)
        .filter((key) => mappingOf(properties[key])['secret'] === true)
        .sort();
    assert.deepEqual(secrets(settings), [...credentialKeys, 'orgs'].sort());
    assert.deepEqual(
      secrets(at('types', 'salesforce-eca:index:OrgConfig', 'properties')),
      [...credentialKeys].sort(),
    );
  });

  it('lets no SDK read the environment: a credential from there would be in the state in clear text', () => {
    assert.doesNotMatch(text, /defaultInfo/);
  });

  it('has the allowed values and defaults of the code', () => {
    const { oldest, newest } = knownApiVersions;
    assert.ok(descriptionOf('apiVersion').includes(`\`${oldest}.0\` to \`${newest}.0\``));
    for (const mode of previewModes) assert.ok(descriptionOf('preview').includes(`\`${mode}\``), mode);
    assert.ok(descriptionOf('timeoutMinutes').includes(`Default: ${defaultTimeoutMinutes}.`));
  });

  it('adopts the resources of the dynamic provider', () => {
    const { aliases } = at('resources', 'salesforce-eca:index:ExternalClientAppJwtPolicy');
    assert.deepEqual(aliases, [{ type: resourceType }]);
  });

  it('has no terms of a single language', () => {
    const withoutExamples = text.replaceAll(/```(?:typescript|python|go|yaml)\\n.*?```/g, '');
    assert.doesNotMatch(withoutExamples, /undefined|null|\{@|```|`salesforce:/);
  });

  it('contains the address of the repository, and no invented one while there is none', () => {
    const { publisher, pluginDownloadURL, homepage, language } = metadata('https://github.com/acme/eca');
    assert.deepEqual(
      [publisher, pluginDownloadURL, homepage],
      ['acme', 'github://api.github.com/acme/eca', 'https://github.com/acme/eca'],
    );
    assert.equal(mappingOf(mappingOf(language)['go'])['modulePath'], 'github.com/acme/eca/sdk/go');
    assert.match(examples('https://github.com/acme/eca'), /"github\.com\/acme\/eca\/sdk\/go\/salesforceeca"/);
    assert.equal(metadata('https://git.example.com/acme/eca')['pluginDownloadURL'], undefined);
    const without = JSON.stringify(metadata(undefined));
    assert.doesNotMatch(without, /https?:|github|"publisher"/);
  });
});
