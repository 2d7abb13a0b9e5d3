import { fieldsOf } from '../../policy/difference.js';
import { firstVersionOf } from '../../policy/fields.js';
import { formatInputs, formatOutputs } from '../../resourceState.js';
import { providerText, resourceType } from '../../resourceType.js';
import type { ExportedOrg, ExportedPolicy } from './exportedPolicies.js';
import { importFileName, programFileNames } from './fileNames.js';
import type { ProgramFormat } from './fileNames.js';
import { formatJson } from '../format/json.js';
import { oneLine } from '../format/plainText.js';

/** The contents of the files of an export, by name; equal exports give equal bytes. */
export function formatFiles(exported: ExportedOrg, format: ProgramFormat): Map<string, string> {
  return new Map([
    [
      programFileNames[format],
      format === 'typescript' ? formatTypescript(exported) : formatExportJson(exported),
    ],
    [importFileName, formatImportFile(exported)],
  ]);
}

/** The configuration that a program below 65.0 needs: without it a timeout would get a type that the org does not have. */
export function neededConfiguration({ apiVersion, policies }: ExportedOrg): string | undefined {
  const hasTimeouts = policies.some(({ inputs }) =>
    fieldsOf(inputs.settings).some((field) => field !== 'isNamedUserJwtEnabled'),
  );
  return apiVersion < firstVersionOf('namedUserJwtSessionTimeoutType', undefined) && hasTimeouts
    ? `pulumi config set salesforce:apiVersion ${apiVersion}.0`
    : undefined;
}

function inputsOf({ inputs }: ExportedPolicy): Record<string, unknown> {
  return formatInputs(inputs, inputs.settings);
}

/** A TypeScript program that declares the current settings. */
function formatTypescript(exported: ExportedOrg): string {
  const configuration = neededConfiguration(exported);
  const head = [
    `// The JWT-based access-token settings of the external client apps of organization ${exported.organizationId}, at the time of the export.`,
    '// Written by pulumi-salesforce-eca export.',
    ...(configuration === undefined ? [] : [`// Requires: ${configuration}`]),
    `import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';`,
  ];
  const resources = exported.policies.map((policy) => [
    '',
    ...policy.remarks.map((remark) => `// Not declared: ${oneLine(remark)}.`),
    `new ExternalClientAppJwtPolicy('${policy.resourceName}', {`,
    ...Object.entries(inputsOf(policy)).map(([name, value]) => `  ${name}: ${literal(value)},`),
    '});',
  ]);
  const leftOut = exported.leftOut.map(({ app, reason }) => `// ${oneLine(`${app}: ${reason}`)}.`);
  return [
    ...head,
    ...resources.flat(),
    ...(leftOut.length === 0 ? [] : ['', '// Apps without a resource:', ...leftOut]),
    '',
  ].join('\n');
}

/** Names and types contain only letters, digits and underscores: the exporter allows nothing else. */
const literal = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value));

/** The same as data, for programs that create the resources in a loop. */
function formatExportJson(exported: ExportedOrg): string {
  const { organizationId, apiVersion, policies, leftOut } = exported;
  return formatJson({
    organizationId,
    apiVersion: `${apiVersion}.0`,
    resources: policies.map((policy) => ({
      name: policy.resourceName,
      inputs: inputsOf(policy),
      ...(policy.remarks.length === 0 ? {} : { notDeclared: policy.remarks }),
    })),
    appsWithoutResource: leftOut,
  });
}

/**
 * The file for `pulumi import --file`: each resource with the inputs and outputs that creating it would leave in the state. The
 * values found, which destroy restores, are those of the export.
 */
function formatImportFile(exported: ExportedOrg): string {
  return formatJson({
    resources: exported.policies.map(({ resourceName, id, inputs, observed }) => ({
      type: resourceType,
      name: resourceName,
      id,
      inputs: { ...formatInputs(inputs, inputs.settings), __provider: providerText },
      outputs: {
        ...formatOutputs({
          inputs,
          observed,
          organizationId: exported.organizationId,
          apiVersion: exported.apiVersion,
          valuesFound: observed.live,
        }),
        __provider: providerText,
      },
    })),
  });
}
