import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { orgRules, type OrgRule } from '../../../../local-org/src/index.js';
import { rulesPage, rulesPageFile } from '../../../../tools/localOrgRules/page.js';

describe('the page of the rules of the local org', () => {
  it('matches the rules', async () => {
    assert.equal(
      readFileSync(rulesPageFile, 'utf8'),
      await rulesPage(),
      'Write it anew: npx tsx tools/localOrgRules.ts',
    );
  });

  it('has a switch for every rule that is based on one report or inferred', () => {
    for (const [name, rule] of Object.entries<OrgRule>(orgRules)) {
      if (rule.certainty !== 'one report' && rule.certainty !== 'inference') continue;
      assert.ok('initially' in rule || 'switch' in rule, name);
    }
  });
});
