import { fieldsOf } from '../../policy/difference.js';
import { firstVersionOf } from '../../policy/fields.js';
import { packageName } from '../../native/packageSchema.js';
import { formatInputs } from '../../resourceState.js';
import { oneLine } from '../format/plainText.js';
import type { ExportedOrg, ExportedPolicy } from './exportedPolicies.js';
import { exportProviders } from './exportTarget.js';
import type { ExportProvider } from './exportTarget.js';
import type { ProgramLanguage } from './fileNames.js';
import { pythonString, typescriptString, yamlName, yamlValue } from './quoting.js';

/** The inputs of a resource as a program declares them. */
export function inputsOf({ inputs }: ExportedPolicy): Record<string, unknown> {
  return formatInputs(inputs, inputs.settings);
}

/** The configuration that a program below 65.0 needs: without it a timeout would get a type that the org does not have. */
export function neededConfiguration(
  { apiVersion, policies }: ExportedOrg,
  provider: ExportProvider,
): string | undefined {
  const hasTimeouts = policies.some(({ inputs }) =>
    fieldsOf(inputs.settings).some((field) => field !== 'isNamedUserJwtEnabled'),
  );
  return apiVersion < firstVersionOf('namedUserJwtSessionTimeoutType', undefined) && hasTimeouts
    ? `pulumi config set ${exportProviders[provider].namespace}:apiVersion ${apiVersion}.0`
    : undefined;
}

/** How a language writes a program. */
interface Writing {
  /** What begins a comment. */
  readonly comment: string;
  /** The lines before the resources. */
  readonly head: readonly string[];
  /** The prefix of the comments of a resource. */
  readonly indent: string;
  readonly resource: (policy: ExportedPolicy) => readonly string[];
}

/** A program that declares the current settings. */
export function formatProgram(
  exported: ExportedOrg,
  language: ProgramLanguage,
  provider: ExportProvider,
): string {
  const { comment, head, indent, resource } = writings[language](exported, provider);
  const configuration = neededConfiguration(exported, provider);
  const leftOut = exported.leftOut.map(({ app, reason }) => `${comment} ${oneLine(`${app}: ${reason}`)}.`);
  return [
    `${comment} The JWT-based access-token settings of the external client apps of organization ${exported.organizationId}, at the time of the export.`,
    `${comment} Written by pulumi-salesforce-eca export.`,
    ...(configuration === undefined ? [] : [`${comment} Requires: ${configuration}`]),
    ...head,
    ...exported.policies.flatMap((policy) => [
      '',
      ...policy.remarks.map((remark) => `${indent}${comment} Not declared: ${oneLine(remark)}.`),
      ...resource(policy),
    ]),
    ...(leftOut.length === 0 ? [] : ['', `${comment} Apps without a resource:`, ...leftOut]),
    '',
  ].join('\n');
}

const writings: Readonly<
  Record<ProgramLanguage, (exported: ExportedOrg, provider: ExportProvider) => Writing>
> = {
  typescript: (_, provider) => ({
    comment: '//',
    head: [`import { ExternalClientAppJwtPolicy } from '${exportProviders[provider].npmPackage}';`],
    indent: '',
    resource: (policy) => [
      `new ExternalClientAppJwtPolicy(${typescriptString(policy.resourceName)}, {`,
      ...inputLines(policy, (name, value) => `  ${name}: ${literal(value, typescriptString)},`),
      '});',
    ],
  }),
  python: () => ({
    comment: '#',
    head: ['import pulumi_salesforce_eca as salesforce_eca'],
    indent: '',
    resource: (policy) => [
      'salesforce_eca.ExternalClientAppJwtPolicy(',
      `    ${pythonString(policy.resourceName)},`,
      ...inputLines(policy, (name, value) => `    ${snakeCase(name)}=${pythonLiteral(value)},`),
      ')',
    ],
  }),
  yaml: ({ policies }) => ({
    comment: '#',
    head: [policies.length === 0 ? 'resources: {}' : 'resources:'],
    indent: '  ',
    resource: (policy) => [
      ...yamlKey(policy.resourceName),
      `    type: ${packageName}:ExternalClientAppJwtPolicy`,
      '    properties:',
      ...inputLines(policy, (name, value) => `      ${name}: ${literal(value, yamlValue)}`),
    ],
  }),
};

/** The lines that name a resource. Pulumi reserves one name as a key. */
function yamlKey(name: string): readonly string[] {
  return name === 'pulumi' ? ['  "pulumi_":', '    name: "pulumi"'] : [`  ${yamlName(name)}:`];
}

function inputLines(policy: ExportedPolicy, line: (name: string, value: unknown) => string): string[] {
  return Object.entries(inputsOf(policy)).map(([name, value]) => line(name, value));
}

const literal = (value: unknown, quote: (text: string) => string): string =>
  typeof value === 'string' ? quote(value) : String(value);

const pythonLiteral = (value: unknown): string =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : literal(value, pythonString);

/** The name of a property in Pulumi's SDKs for Python. */
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
