import { Command, Option } from 'commander';
import type { ExportedOrg } from '../../reports/export/exportedPolicies.js';
import { assertSupported, exportProviders } from '../../reports/export/exportTarget.js';
import type { ExportProvider } from '../../reports/export/exportTarget.js';
import { importFileName, languageFileNames, programFileNames } from '../../reports/export/fileNames.js';
import type { ProgramLanguage } from '../../reports/export/fileNames.js';
import type { CommandContext } from '../commandContext.js';
import { examplesHelp } from '../examplesHelp.js';
import { exitCodes, exitCodesHelp } from '../exitCodes.js';
import { helpText } from '../helpText.js';
import { assertWritable, writeFiles } from '../writeFiles.js';
import { orgOption, signInHelp, withOneOrg } from '../orgsToRead.js';
import type { OrgOptions } from '../orgsToRead.js';
import { cwdOption, stackOption } from '../stackOptions.js';
import { timeoutOption } from '../timeoutOption.js';
import { formatJson } from '../../reports/format/json.js';
import { oneLine } from '../../reports/format/plainText.js';

interface ExportOptions extends OrgOptions {
  out: string;
  provider: ExportProvider;
  language: ProgramLanguage;
  format: (typeof formats)[number];
  force: boolean;
  json: boolean;
}

const formats = ['typescript', 'json'] as const;

const help = `
${signInHelp}
Writes DIR/${programFileNames.typescript} (with --format json ${programFileNames.json}) and
DIR/${importFileName}, which imports the settings into a state:
  pulumi import --file ${importFileName} --yes --skip-preview \\
    --generate-code=false --protect=false
For the native provider, the program can be in YAML (${programFileNames.yaml}) or Python
(${programFileNames.python}).
${examplesHelp([
  ['export --out exported', 'an org, as a program'],
  [
    'export --provider native --language python --out exported',
    'an org, as a program in Python for the native provider',
  ],
  ['export --stack dev --org uat --out exported --format json', 'an org of a stack, as data'],
])}${exitCodesHelp([
  [exitCodes.ok, 'the files were written'],
  [
    exitCodes.failed,
    'nothing was written: wrong arguments, sign-in, network, a file that exists, or a folder that cannot be written',
  ],
])}`;

/** `export`: writes an org's settings as a program, and as a file for `pulumi import`. */
export function exportCommand(context: CommandContext): Command {
  return new Command('export')
    .description('read an org and write a program that declares the current settings of its apps')
    .addOption(new Option('--out <dir>', 'folder to write into').default('.'))
    .addOption(
      new Option('--provider <provider>', 'provider that the files are for')
        .choices(Object.keys(exportProviders))
        .default('dynamic'),
    )
    .addOption(
      new Option('--language <language>', 'language of the program')
        .choices(Object.keys(languageFileNames))
        .default('typescript')
        .conflicts('format'),
    )
    .addOption(new Option('--format <format>', 'a program, or data').choices(formats).default('typescript'))
    .addOption(new Option('--force', 'overwrite existing files').default(false))
    .addOption(new Option('--json', 'print a summary as JSON').default(false))
    .addOption(stackOption('sign in as this stack does'))
    .addOption(cwdOption())
    .addOption(orgOption(false))
    .addOption(timeoutOption())
    .addHelpText('after', helpText(help))
    .action(async (options: ExportOptions) => {
      await exportOrg(options, context);
    });
}

async function exportOrg(options: ExportOptions, context: CommandContext): Promise<void> {
  const { out, provider, force, json } = options;
  const format = options.format === 'json' ? options.format : options.language;
  assertSupported({ provider, format });
  assertWritable(out, [programFileNames[format], importFileName], force);
  const [{ readOrg }, { exportPolicies }, { formatFiles }, { neededConfiguration }] = await Promise.all([
    import('../../reconcile/apps/readOrg.js'),
    import('../../reports/export/exportedPolicies.js'),
    import('../../reports/export/exportFiles.js'),
    import('../../reports/export/programs.js'),
  ]);
  const snapshot = await withOneOrg(options, context, readOrg);
  const exported = exportPolicies(snapshot);
  const paths = await writeFiles(out, formatFiles(exported, { provider, format }), force);
  context.print(
    json
      ? formatJson(summaryOf(exported, snapshot.apps.length, paths))
      : describe(
          exported,
          snapshot.apps.length,
          snapshot.label,
          paths,
          neededConfiguration(exported, provider),
        ),
  );
}

function summaryOf(exported: ExportedOrg, apps: number, files: readonly string[]): object {
  return {
    organizationId: exported.organizationId,
    apiVersion: `${exported.apiVersion}.0`,
    apps,
    resources: exported.policies.length,
    files,
    notDeclared: exported.policies.flatMap(({ resourceName, remarks }) =>
      remarks.map((reason) => ({ app: resourceName, reason })),
    ),
    appsWithoutResource: exported.leftOut,
  };
}

function describe(
  exported: ExportedOrg,
  apps: number,
  label: string,
  paths: readonly string[],
  configuration: string | undefined,
): string {
  const { organizationId, apiVersion, policies, leftOut } = exported;
  const remarks = policies.flatMap(({ resourceName, remarks: lines }) =>
    lines.map((line) => `  ${oneLine(`${resourceName}: ${line}`)}`),
  );
  return [
    `Org ${label} (${organizationId}), API version ${apiVersion}.0: ${apps} external client apps, ${policies.length} resources.`,
    ...paths.map((path) => `Wrote ${path}`),
    ...(remarks.length === 0 ? [] : ['Not declared, and therefore not managed:', ...remarks]),
    ...(leftOut.length === 0
      ? []
      : [
          'Apps without a resource:',
          ...leftOut.map(({ app, reason }) => `  ${oneLine(`${app}: ${reason}`)}`),
        ]),
    '',
    'Next, in the Pulumi project of the program, with its sign-in configured:',
    ...(configuration === undefined ? [] : [`  ${configuration}`]),
    `  pulumi import --file ${importFileName} --yes --skip-preview --generate-code=false --protect=false`,
    '  pulumi preview --expect-no-changes',
    'Or skip the import and run pulumi up: it adopts the current settings and changes nothing.',
    '',
  ].join('\n');
}
