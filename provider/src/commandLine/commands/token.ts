import { Command, Option } from 'commander';
import type { ErrorCode } from '../../errorCodes.js';
import { ProviderError, withParts } from '../../errors.js';
import { appSignInWay } from '../../reports/token/credentials.js';
import type { CommandContext } from '../commandContext.js';
import { readEnvironment, withEnvironmentAdvice } from '../environmentConfiguration.js';
import { examplesHelp } from '../examplesHelp.js';
import { exitCodes, exitCodesHelp } from '../exitCodes.js';
import { helpText } from '../helpText.js';
import { parseMinutes } from '../parseMinutes.js';
import { timeoutOption } from '../timeoutOption.js';
import { formatJson } from '../../reports/format/json.js';

interface TokenOptions {
  app?: string;
  verify: boolean;
  compare: boolean;
  wait?: number;
  printToken: boolean;
  json: boolean;
  timeout?: number;
}

/** The codes of failures that mean that another user may read the settings. */
const mayNotRead: readonly ErrorCode[] = [
  'ECA1301',
  'ECA1302',
  'ECA3003',
  'ECA5003',
  'ECA5004',
  'ECA5005',
  'ECA5010',
];

const help = `
Environment variables select the app: SALESFORCE_INSTANCE_URL,
SALESFORCE_CLIENT_ID, and SALESFORCE_CLIENT_SECRET (client credentials) or
SALESFORCE_USERNAME and SALESFORCE_PRIVATE_KEY (JWT bearer). If
SALESFORCE_ACCESS_TOKEN, SALESFORCE_SFDX_AUTH_URL or SF_TARGET_ORG is set, the
settings of the app are read with it, otherwise with the token itself. Changes
nothing in the org.
${examplesHelp([
  ['token --verify', 'a token, its signature, and the settings of the app'],
  ['token --app Agent_Gateway --wait 15', 'wait until the settings have reached the token endpoint'],
])}${exitCodesHelp([
  [exitCodes.ok, 'the token matches the settings of the app that are known'],
  [exitCodes.found, 'it does not match; or, with --verify, its signature is not valid or missing'],
  [
    exitCodes.failed,
    'no token, or the settings could not be read: wrong arguments, sign-in, network, permissions',
  ],
])}`;

/** `token`: gets an access token for an app and shows its contents. */
export function tokenCommand(context: CommandContext): Command {
  return new Command('token')
    .description(
      'get an access token for an app, show its contents, and compare it with the settings of the app',
    )
    .addOption(
      new Option('--app <name>', 'developer name of the app (default: the one with the consumer key)'),
    )
    .addOption(
      new Option('--verify', 'check the signature with the keys that the org publishes').default(false),
    )
    .addOption(new Option('--no-compare', 'do not read the settings of the app'))
    .addOption(
      new Option(
        '--wait <minutes>',
        'while the token differs from the settings, get new ones for up to this time (settings can take up to 15 minutes to take effect)',
      ).argParser(parseMinutes),
    )
    .addOption(new Option('--print-token', 'print the token too').default(false))
    .addOption(new Option('--json', 'the report as JSON').default(false))
    .addOption(timeoutOption())
    .addHelpText('after', helpText(help))
    .action(async (options: TokenOptions) => {
      const configuration = readEnvironment(context.environment, options.timeout);
      const way = withEnvironmentAdvice((commandToSet) => appSignInWay(configuration, commandToSet));
      const [{ examineToken }, { hasFindings }, { formatTokenText }] = await Promise.all([
        import('../../reports/token/examineToken.js'),
        import('../../reports/token/tokenReport.js'),
        import('../../reports/token/formatText.js'),
      ]);
      const { report, settingsFailure } = await examineToken(way, configuration, {
        app: options.app,
        compares: options.compare,
        verifies: options.verify,
        waitMinutes: options.wait ?? 0,
        showsToken: options.printToken,
      });
      context.print(options.json ? formatJson(report) : formatTokenText(report));
      if (settingsFailure !== undefined) {
        throw new ProviderError(
          withParts(settingsFailure, {
            subject: 'the settings of the app could not be read',
            hint: mayNotRead.includes(settingsFailure.code)
              ? 'Set SF_TARGET_ORG or SALESFORCE_ACCESS_TOKEN for a user who may read them, or skip them with --no-compare'
              : undefined,
          }),
        );
      }
      context.exit(hasFindings(report) ? exitCodes.found : exitCodes.ok);
    });
}
