import assert from 'node:assert/strict';
import { formatMessage } from '../../../../provider/src/errors.js';
import { settingNames } from '../../../../provider/src/signIn/configuration.js';
import { unknownSettings } from '../../../../provider/src/signIn/settingAdvice.js';

describe('keys of the configuration', () => {
  const warnings = (...keys: string[]): string[] => unknownSettings(keys, settingNames).map(formatMessage);

  for (const [wrong, right] of [
    ['apiversion', 'apiVersion'],
    ['timeoutMinute', 'timeoutMinutes'],
    ['prewiew', 'preview'],
    ['clientID', 'clientId'],
    ['org', 'orgs'],
  ] as const) {
    it(`that are misspelt cause a warning with the intended one: ${wrong}`, () => {
      assert.deepEqual(warnings(`salesforce:${wrong}`), [
        `[ECA1020] salesforce:${wrong} is not a setting of pulumi-salesforce-eca, so it has no effect. Did you mean salesforce:${right}?`,
      ]);
    });
  }

  it('that resemble none cause a warning with a list of all', () => {
    assert.match(
      warnings('salesforce:colour')[0] ?? '',
      /so it has no effect\. Allowed: loginUrl, .*, preview, orgs$/,
    );
  });

  it('that are correct, or of another namespace, cause none', () => {
    assert.deepEqual(
      warnings(...settingNames.map((name) => `salesforce:${name}`), 'aws:regoin', 'promotion:source'),
      [],
    );
  });
});
