import assert from 'node:assert/strict';
import { parseCommand, type Command } from '../../../local-org/src/commandLineOptions.js';
import { usage } from '../../../local-org/src/commandLineUsage.js';
import { componentTypeNames } from '../../../local-org/src/components/types.js';
import { switchableRuleNames } from '../../../local-org/src/rules/allRules.js';
import { requestKinds } from '../../../local-org/src/http/requestKinds.js';

describe('the options of salesforce-local-org', () => {
  const nothing: Command = {
    options: {},
    faults: { rules: [], switches: {}, offlineMs: 0 },
    json: false,
    help: false,
  };
  const commands: [args: string[], expected: Partial<Command>][] = [
    [[], {}],
    [['--help'], { help: true }],
    [['--json', '--port', '8080'], { json: true, options: { port: 8080 } }],
    [['--org', 'dev', '--org=uat', '--seed', 'here'], { options: { orgs: ['dev', 'uat'], seed: 'here' } }],
    [['--namespace', 'dev=shopns'], { options: { namespaces: { dev: 'shopns' } } }],
    [
      ['--api-version=66.0', '--latency-ms=1', '--retrieve-ms=2', '--deploy-ms=3', '--deploy-component-ms=4'],
      { options: { apiVersion: '66.0', latencyMs: 1, retrieveMs: 2, deployMs: 3, deployComponentMs: 4 } },
    ],
    [
      ['--fault', 'token=hang', '--fault', 'deploy=locked'],
      {
        faults: {
          offlineMs: 0,
          rules: [
            { on: 'token', do: { kind: 'hang' } },
            { on: 'deploy', do: { kind: 'locked' } },
          ],
          switches: {},
        },
      },
    ],
    [['--no-certificate'], { faults: { offlineMs: 0, rules: [], switches: { returnCertificate: false } } }],
    [
      ['--no-managed-in-wildcard'],
      { faults: { offlineMs: 0, rules: [], switches: { wildcardReturnsManaged: false } } },
    ],
    [
      ['--refuse-plugin-settings'],
      { faults: { offlineMs: 0, rules: [], switches: { refusePluginSettings: true } } },
    ],
    [
      ['--refuse-plugin-settings-strict', '--refuse-plugin-settings'],
      { faults: { offlineMs: 0, rules: [], switches: { refusePluginSettings: 'strict' } } },
    ],
    [
      [
        '--refuse-read-metadata',
        'ExtlClntAppOauthConfigurablePolicies',
        '--omit-from-read-metadata=label',
        '--omit-from-read-metadata=certificate',
      ],
      {
        faults: {
          offlineMs: 0,
          rules: [],
          switches: {
            refuseReadMetadata: ['ExtlClntAppOauthConfigurablePolicies'],
            omitFromReadMetadata: ['label', 'certificate'],
          },
        },
      },
    ],
    [['--spread-ms', '900000'], { faults: { offlineMs: 0, rules: [], switches: { spreadMs: 900_000 } } }],
    [
      ['--finalizing-deploy'],
      { faults: { offlineMs: 0, rules: [], switches: { finalizingStatus: 'FinalizingDeploy' } } },
    ],
    [['--offline-ms', '500'], { faults: { offlineMs: 500, rules: [], switches: {} } }],
    [
      ['--org-rule', 'elementOrder=off', '--org-rule=pkceStays=on'],
      {
        faults: {
          offlineMs: 0,
          rules: [],
          switches: { orgRules: { elementOrder: false, pkceStays: true } },
        },
      },
    ],
    [['--occupy-deploys'], { faults: { offlineMs: 0, rules: [], switches: { occupyDeploys: true } } }],
    [
      ['--cancel-next-deploy', 'afterCommit'],
      { faults: { offlineMs: 0, rules: [], switches: { cancelNextDeploy: 'afterCommit' } } },
    ],
    [
      ['--fail-component', 'portal=a=b', '--fail-component', 'Agent_Gateway=Under review'],
      {
        faults: {
          offlineMs: 0,
          rules: [],
          switches: { failComponent: { portal: 'a=b', Agent_Gateway: 'Under review' } },
        },
      },
    ],
    [
      ['--hide-component', '*=notListed', '--hide-component', 'portal=loadFails'],
      {
        faults: {
          offlineMs: 0,
          rules: [],
          switches: { hideComponent: { '*': 'notListed', portal: 'loadFails' } },
        },
      },
    ],
  ];
  for (const [args, expected] of commands) {
    it(`reads ${args.join(' ') || 'no option'}`, () => {
      assert.deepEqual(parseCommand(args), { ...nothing, ...expected });
    });
  }

  const refusals: [args: string[], message: string][] = [
    [['--colour'], "Unknown option '--colour'."],
    [
      ['--hide-component', 'portal=gone'],
      "--hide-component takes NAME=HOW, such as Agent_Gateway=notListed, not 'portal=gone'; HOW is one of: loadFails, notReturned, notListed.",
    ],
    [['dev'], "Unexpected argument 'dev'. This command does not take positional arguments."],
    [['--org'], "Option '--org <value>' argument missing."],
    [['--port', 'x'], "--port takes a whole number from 0 on, not 'x'."],
    [
      ['--refuse-read-metadata', 'ApexClass'],
      `--refuse-read-metadata takes a type of these, not 'ApexClass': ${componentTypeNames.join(', ')}.`,
    ],
    [['--spread-ms=-1'], "--spread-ms takes a whole number from 0 on, not '-1'."],
    [
      ['--fault', 'deploy=hang,times=0'],
      '--fault deploy=hang,times=0: times is 0; it takes a whole number from 1 on.',
    ],
    [
      ['--fail-component', 'portal'],
      "--fail-component takes NAME=PROBLEM, such as Agent_Gateway='Under review', not 'portal'.",
    ],
    [['--namespace', 'shopns'], "--namespace takes ORG=NAMESPACE, such as dev=shopns, not 'shopns'."],
    [['--org-rule', 'pkceStays'], "--org-rule takes NAME=on or NAME=off, not 'pkceStays'."],
    [
      ['--org-rule=enumValues=off'],
      `--org-rule has no "enumValues"; it may have: ${switchableRuleNames.join(', ')}.`,
    ],
    [['--cancel-next-deploy=now'], "--cancel-next-deploy takes beforeCommit or afterCommit, not 'now'."],
  ];
  for (const [args, message] of refusals) {
    it(`refuses ${args.join(' ')}`, () => {
      assert.throws(() => parseCommand(args), { name: 'LocalOrgOptionsError', message });
    });
  }

  it('are all in the usage, with every kind of request and every rule that has a switch', () => {
    const named = [...usage.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name!);
    for (const name of named) {
      // A known option is refused at most for its missing value.
      try {
        parseCommand([`--${name}`]);
      } catch (error) {
        assert.doesNotMatch(String(error), /Unknown option/);
      }
    }
    assert.equal(named.length, 30);
    for (const rule of switchableRuleNames) assert.match(usage, new RegExp(`\\b${rule}\\b`));
    for (const kind of requestKinds) assert.match(usage, new RegExp(`\\b${kind}\\b`));
  });
});
