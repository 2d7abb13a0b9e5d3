import { reasonOf } from '../errors.js';
import type { MessageParts } from '../errors.js';
import { inspectAccessToken } from './accessToken.js';
import { showAddress } from './configuration.js';
import { defaultRequestTimeoutMs } from '../org/httpTransport.js';
import { toCaseSafeId } from '../org/organizationId.js';
import { orgText } from '../org/orgText.js';
import { isSameOrigin, parseOrgUrl } from './orgUrl.js';
import { runSalesforceCli } from './salesforceCli.js';
import type { SalesforceCliOutcome } from './salesforceCli.js';
import { SignInError } from './session.js';
import type { Session } from './session.js';
import type { SignInWay } from './signInWays.js';

/**
 * Uses a session of the Salesforce CLI, which refreshes it on request.
 *
 * `sf org display` shows the org. Since 2.136.8 (27 May 2026, forcedotcom/cli#3560) it hides the access token, which
 * `sf org auth show-access-token` shows.
 *
 * @param label how messages name the org
 * @param timeoutMs the time limit of one command, in milliseconds
 * @throws SignInError with the CLI's reason and what to do; never with a credential
 */
export async function requestTargetOrgSession(
  { targetOrg, instanceUrl: expectedInstanceUrl }: Extract<SignInWay, { kind: 'targetOrg' }>,
  label: string,
  timeoutMs = defaultRequestTimeoutMs,
): Promise<Session> {
  const fail = (problem: MessageParts): SignInError =>
    new SignInError({
      ...problem,
      subject: `sign-in to org ${label} with the Salesforce CLI`,
    });
  const ask = async (
    command: readonly string[],
    ...options: string[]
  ): Promise<Readonly<Record<string, unknown>>> => {
    const outcome = await runSalesforceCli([...command, '--target-org', targetOrg, ...options], timeoutMs);
    if (outcome.kind !== 'result') {
      throw fail(describeProblem(outcome, `sf ${command.join(' ')}`, targetOrg, timeoutMs));
    }
    return outcome.result;
  };
  const shown = await ask(['org', 'display']);
  const instanceUrl = parseOrgUrl(textOf(shown['instanceUrl']));
  if (instanceUrl === undefined) {
    throw fail({
      code: 'ECA1406',
      cause: `sf org display returned no https address for "${targetOrg}" (found ${showAddress(textOf(shown['instanceUrl'])) || 'nothing'})`,
      advice: signInAgain(targetOrg),
    });
  }
  if (expectedInstanceUrl !== undefined && !isSameOrigin(expectedInstanceUrl, instanceUrl)) {
    throw fail({
      code: 'ECA1408',
      cause: `"${targetOrg}" is the org at ${instanceUrl}, but salesforce:instanceUrl is ${expectedInstanceUrl}`,
      advice: 'Correct one of them, or remove salesforce:instanceUrl',
    });
  }
  const accessToken = isToken(shown['accessToken'])
    ? shown['accessToken']
    : (await ask(['org', 'auth', 'show-access-token'], '--no-prompt'))['accessToken'];
  if (!isToken(accessToken)) {
    throw fail({
      code: 'ECA1407',
      cause: `sf org auth show-access-token returned no access token for "${targetOrg}"`,
      advice: signInAgain(targetOrg),
    });
  }
  const facts = inspectAccessToken(accessToken);
  return {
    accessToken,
    instanceUrl,
    organizationId: toCaseSafeId(textOf(shown['id'])) ?? facts.organizationId,
    consumerKey: facts.consumerKey ?? (textOf(shown['clientId']) || undefined),
    tokenFormat: facts.format,
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** The CLI replaces a hidden token by a sentence. */
const isToken = (value: unknown): value is string =>
  typeof value === 'string' && /^(?!\[REDACTED)[\x21-\x7e]+$/.test(value);

const signInAgain = (targetOrg: string): string =>
  `Sign in with the CLI again: sf org login web --alias ${targetOrg}. To see its orgs: sf org list`;

/** What went wrong with a command and what to do. */
function describeProblem(
  outcome: Exclude<SalesforceCliOutcome, { kind: 'result' }>,
  command: string,
  targetOrg: string,
  timeoutMs: number,
): MessageParts {
  const byHand = `To see why, run ${command} --target-org ${targetOrg} in a terminal`;
  switch (outcome.kind) {
    case 'notStarted':
      return outcome.code === 'ENOENT'
        ? {
            code: 'ECA1401',
            cause: 'the program sf was not found on PATH',
            advice:
              'Install the Salesforce CLI (https://developer.salesforce.com/tools/salesforcecli) where Pulumi runs, or use another ' +
              'sign-in method',
          }
        : {
            code: 'ECA1402',
            cause: `sf could not be started (${outcome.code})`,
            advice: 'Check that the sf on PATH is the Salesforce CLI',
          };
    case 'timeout':
      return {
        code: 'ECA1403',
        cause: `${command} did not finish within ${timeoutMs / 1000} seconds`,
        advice: byHand,
      };
    case 'noJson':
      return {
        code: 'ECA1404',
        cause: `${command} exited with code ${outcome.exitCode ?? 'none'} and returned no JSON`,
        advice: `${byHand}. If the CLI is old, run sf update`,
      };
    case 'refused': {
      const reason = orgText(`${outcome.name} · ${reasonOf(outcome.message)}`, [], 300);
      const isNotSignedIn =
        /NamedOrgNotFound|NoAuthInfo|No authorization information|RefreshToken|invalid_grant|expired/i.test(
          reason,
        );
      return {
        code: 'ECA1405',
        cause: `${command} failed: ${reason}`,
        advice: isNotSignedIn ? signInAgain(targetOrg) : byHand,
      };
    }
  }
}
