import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { externalClientAppPolicies } from 'pulumi-salesforce-eca-policies';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { AnalyzerProcess, levelOf } from '../support/analyzerProcess.js';
import { codeBlock } from '../support/codeBlocks.js';
import {
  createTemporaryProject,
  isolatedEnvironment,
  type TemporaryProject,
} from '../support/temporaryProject.js';

const lifetime = 'external-client-app-named-user-token-lifetime';

describe("the policy pack's package", () => {
  describe("in a user's own policy pack", () => {
    let project: TemporaryProject;
    before(async () => {
      project = await createTemporaryProject();
      await writeFile(
        join(project.folder, 'package.json'),
        JSON.stringify({ name: 'acme-policies', version: '1.2.3', private: true }),
      );
    });
    after(() => project.remove());

    it('gives its policies to CommonJS and ES modules, without starting the ready pack', async () => {
      const report = `console.log(externalClientAppPolicies.map(({ name }) => name).join('\\n'))`;
      for (const [file, statement] of [
        ['own.cjs', `const { externalClientAppPolicies } = require('pulumi-salesforce-eca-policies');`],
        ['own.mjs', `import { externalClientAppPolicies } from 'pulumi-salesforce-eca-policies';`],
      ] as const) {
        await writeFile(join(project.folder, file), `${statement}\n${report}\n`);
        const { code, stdout, stderr } = await runProcess('node', [file], {
          cwd: project.folder,
          env: isolatedEnvironment([]),
          deadlineMs: 15_000,
        });
        assert.equal(code, 0, stderr);
        assert.equal(stdout, externalClientAppPolicies.map(({ name }) => `${name}\n`).join(''));
      }
    });

    for (const [page, program, maximumMinutes] of [
      ['README', codeBlock('policy-pack/README.md', 'new PolicyPack('), 30],
      [
        'API reference',
        codeBlock('docs/api/pulumi-salesforce-eca-policies.md', 'new PolicyPack('),
        undefined,
      ],
    ] as const) {
      it(`they start as in the ${page}, in TypeScript`, async function () {
        this.timeout(60_000);
        const file = join(project.folder, 'index.ts');
        await writeFile(file, program);
        const analyzer = await AnalyzerProcess.start(project.folder);
        try {
          const info = await analyzer.info();
          assert.deepEqual(
            info.getPoliciesList().map((policy) => policy.getName()),
            externalClientAppPolicies.map(({ name }) => name),
          );
          const initial = info.getInitialconfigMap().get(lifetime)?.getProperties()?.toJavaScript();
          assert.equal(initial?.['maximumMinutes'], maximumMinutes);
        } finally {
          await analyzer.dispose();
          await rm(file);
        }
      });
    }

    it('they can be combined with other policies, with a separate configuration', async () => {
      await writeFile(
        join(project.folder, 'index.js'),
        `const { PolicyPack, validateResourceOfType } = require('@pulumi/policy');
        const { ExternalClientAppJwtPolicy } = require('pulumi-salesforce-eca');
        const { jwtRequired, namedUserTokenLifetime } = require('pulumi-salesforce-eca-policies');
        new PolicyPack(
          'acme',
          {
            policies: [
              namedUserTokenLifetime,
              { ...jwtRequired, enforcementLevel: 'mandatory' },
              {
                name: 'own',
                description: 'A policy of its own.',
                validateResource: validateResourceOfType(ExternalClientAppJwtPolicy, (policy, args, report) => {
                  report(policy.externalClientApplication);
                }),
              },
            ],
          },
          { '${lifetime}': { enforcementLevel: 'mandatory', maximumMinutes: 30 } },
        );`,
      );
      const analyzer = await AnalyzerProcess.start(project.folder);
      try {
        const info = await analyzer.info();
        assert.equal(`${info.getName()}@${info.getVersion()}`, 'acme@1.2.3');
        const initial = info.getInitialconfigMap().get(lifetime);
        assert.ok(initial);
        await analyzer.configure({
          [lifetime]: {
            enforcementLevel: levelOf(initial.getEnforcementlevel()),
            settings: initial.getProperties()?.toJavaScript() ?? {},
          },
        });
        const violations = await analyzer.analyze({
          name: 'gateway',
          properties: {
            externalClientApplication: 'Agent_Gateway',
            isNamedUserJwtEnabled: false,
            namedUserJwtTimeout: 60,
          },
        });
        assert.deepEqual(
          violations.map(({ policy, level }) => [policy, level]),
          [
            [lifetime, 'mandatory'],
            ['external-client-app-jwt-required', 'mandatory'],
            ['own', 'advisory'],
          ],
        );
        assert.match(violations[0]!.message, /at most 30 are allowed/);
      } finally {
        await analyzer.dispose();
      }
    });
  });
});
