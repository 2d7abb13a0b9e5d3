import type { LocalOrg, LocalOrgServer } from '../../../../local-org/src/index.js';
import {
  orgRules,
  startLocalOrg,
  type OrgRuleName,
  type SwitchableRuleName,
} from '../../../../local-org/src/index.js';
import { keptComponents } from '../support/client.js';

type Check = (org: LocalOrg) => Promise<void> | void;

/** A check of each rule: that the org keeps it, and of those that can be switched what it does without. */
export type RuleChecks<Name extends OrgRuleName> = {
  [Rule in Name]: Rule extends SwitchableRuleName ? { on: Check; off: Check } : Check;
};

/** Runs the checks as tests named after the rules and how sure they are, on one org that is put back after each. */
export function checkRules<Name extends OrgRuleName>(title: string, checks: RuleChecks<Name>): void {
  describe(title, () => {
    let server: LocalOrgServer;
    let org: LocalOrg;
    let putBack: () => void;
    before(async () => {
      server = await startLocalOrg();
      org = server.org('dev');
      putBack = keptComponents(org);
    });
    afterEach(() => {
      org.faults.clear();
      putBack();
    });
    after(() => server.close());

    for (const [name, check] of Object.entries(checks) as [Name, Check | Record<'on' | 'off', Check>][]) {
      const { rule, certainty } = orgRules[name];
      if (typeof check === 'function') {
        it(`${certainty}: ${rule} [${name}]`, () => check(org));
        continue;
      }
      for (const state of ['on', 'off'] as const) {
        it(`${certainty}: ${rule} [${name}, switched ${state}]`, () => {
          org.faults.change({ orgRules: { [name]: state === 'on' } });
          return check[state](org);
        });
      }
    }
  });
}
