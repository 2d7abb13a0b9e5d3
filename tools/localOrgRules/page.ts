import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { orgRuleGroups } from '../../local-org/src/rules/allRules.js';
import type { OrgRule } from '../../local-org/src/rules/orgRule.js';
import { repositoryFolder } from '../pulumiCli/repository.js';

/** The page that lists the rules. */
export const rulesPageFile = join(repositoryFolder, 'local-org', 'docs', 'rules.md');

const introduction = `# Rules of the local org

What the local org holds to be true of Salesforce orgs, rule by rule, made from \`src/rules\` by \`npx tsx tools/localOrgRules.ts\`. Each rule has a test
of its name (\`test/unit/localOrg/rules\`).

How sure a rule is:

- **documented**: Salesforce's documentation, or the schema that \`@salesforce/types\` is made from.
- **Salesforce's tools**: the source of jsforce, source-deploy-retrieve or the Salesforce CLI relies on it.
- **several reports**: public reports that agree.
- **one report**: one project says so.
- **inference**: nobody says so; it follows from the rest.

What is less than documented can be switched: by its name (\`--org-rule NAME=off\`; over HTTP
\`"orgRules":{"NAME":false}\`; in a program \`org.faults.change({ orgRules: { NAME: false } })\`), or with the switch that the table names
(see [README](../README.md#faults)). "on" and "off" say how a new org starts.
`;

const limits = `## Limits of its own

What no document says, but keeps the local org's memory bounded whatever is sent:

| what                                    | at most                             | answer                                              |
| --------------------------------------- | ----------------------------------- | --------------------------------------------------- |
| XML document: a component file, package.xml, a SOAP message without its zip | 2 MiB, 50,000 elements, 5,000 attributes, 32 levels | component failure, failed deploy, \`INVALID_SOAP\` |
| DOCTYPE, and with it entities of one's own | none                            | the same                                            |
| all files of a deploy, unpacked         | 200 MiB (an org: 600)               | failed deploy, \`INVALID_CONTENT\`                    |
| form or JSON document                   | 1 MiB                               | 413, \`LIMIT_EXCEEDED\`                               |
| bodies of more than 64 KiB, all together at a time | 200 MiB                  | 503 or a fault, \`SERVER_UNAVAILABLE\`              |
| sending a request                       | 60 s                                | 408, and the connection ends                        |
| connections at a time                   | 1,000                               | the connection is closed                            |
| conditions of a SOQL query              | 100 levels                          | 400, \`MALFORMED_QUERY\`                              |
| requests listed                         | 20,000, with paths of 4 million characters together | the oldest ones go                  |
| deploys listed                          | 5,000, with 100,000 components together | the oldest ones go                              |
| retrieves                               | 1,000, with 256 million bytes together | the oldest ones go                               |
| sessions                                | 20,000                              | half of them end: those of guests, then those that end first |
| authorization codes of the guest flow   | 5,000                               | the oldest ones go                                  |

The place of a problem (\`lineNumber\`, \`columnNumber\`) is the start of the element that is wrong, both from 1. Where an org puts it for each kind of problem
is not known.

What roles may do beyond deploys is in the README. Not kept: editions, the reach of a packaged app into other orgs, API request limits, \`FinalizingDeployFailed\`.
`;

/** The page's text, in the repository's format. */
export async function rulesPage(): Promise<string> {
  const sections = Object.entries(orgRuleGroups).map(([title, rules]) =>
    [
      `## ${title}`,
      '',
      '| rule | what an org does | how sure | source | switch |',
      '| --- | --- | --- | --- | --- |',
      ...Object.entries<OrgRule>(rules).map(
        ([name, rule]) =>
          `| \`${name}\` | ${rule.rule} | ${rule.certainty} | ${rule.source} | ${switchOf(rule)} |`,
      ),
      '',
    ].join('\n'),
  );
  const text = [introduction, ...sections, limits].join('\n');
  return format(text, { ...(await resolveConfig(rulesPageFile)), filepath: rulesPageFile });
}

function switchOf(rule: OrgRule): string {
  if ('initially' in rule) return rule.initially;
  return 'switch' in rule ? `\`${rule.switch}\`` : '';
}
