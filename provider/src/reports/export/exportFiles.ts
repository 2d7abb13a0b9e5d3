import { formatInputs, formatOutputs } from '../../resourceState.js';
import { formatJson } from '../format/json.js';
import type { ExportedOrg } from './exportedPolicies.js';
import { exportProviders } from './exportTarget.js';
import type { ExportProvider, ExportTarget } from './exportTarget.js';
import { importFileName, programFileNames } from './fileNames.js';
import { formatProgram, inputsOf } from './programs.js';

/** The contents of the files of an export, by name; equal exports give equal bytes. */
export function formatFiles(exported: ExportedOrg, { format, provider }: ExportTarget): Map<string, string> {
  return new Map([
    [
      programFileNames[format],
      format === 'json' ? formatExportJson(exported) : formatProgram(exported, format, provider),
    ],
    [importFileName, formatImportFile(exported, provider)],
  ]);
}

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
function formatImportFile(exported: ExportedOrg, provider: ExportProvider): string {
  const { type, hidden } = exportProviders[provider];
  return formatJson({
    resources: exported.policies.map(({ resourceName, id, inputs, observed }) => ({
      type,
      name: resourceName,
      id,
      inputs: { ...formatInputs(inputs, inputs.settings), ...hidden },
      outputs: {
        ...formatOutputs({
          inputs,
          observed,
          organizationId: exported.organizationId,
          apiVersion: exported.apiVersion,
          valuesFound: observed.live,
        }),
        ...hidden,
      },
    })),
  });
}
