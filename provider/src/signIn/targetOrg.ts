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
 * Takes over a session of the Salesforce CLI, which refreshes it when it is asked.
 *
 * `sf org display` tells the org. Since 2.136.8 (27 May 2026, forcedotcom/cli#3560) it hides the access token, which
 * `sf org auth show-access-token` then tells.
 *
 * @param label how messages name the org
 * @param timeoutMs the limit of one command, in milliseconds
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
      subject: `sign-in to org ${label} with the session of the Salesforce CLI`,
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
      cause: `sf org display tells no https address of "${targetOrg}" (${showAddress(textOf(shown['instanceUrl'])) || 'nothing'})`,
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
      cause: `sf org auth show-access-token tells no access token of "${targetOrg}"`,
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

/** What stands in place of a hidden token is a sentence. */
const isToken = (value: unknown): value is string =>
  typeof value === 'string' && /^(?!\[REDACTED)[\x21-\x7e]+$/.test(value);

const signInAgain = (targetOrg: string): string =>
  `Sign in with the CLI again: sf org login web --alias ${targetOrg}; sf org list shows the orgs that it knows`;

/** What went wrong with a command and what to do. */
function describeProblem(
  outcome: Exclude<SalesforceCliOutcome, { kind: 'result' }>,
  command: string,
  targetOrg: string,
  timeoutMs: number,
): MessageParts {
  const byHand = `See what ${command} --target-org ${targetOrg} says in a terminal`;
  switch (outcome.kind) {
    case 'notStarted':
      return outcome.code === 'ENOENT'
        ? {
            code: 'ECA1401',
            cause: 'there is no program sf on PATH',
            advice:
              'Install the Salesforce CLI (https://developer.salesforce.com/tools/salesforcecli) where Pulumi runs, or set another way ' +
              'to sign in',
          }
        : {
            code: 'ECA1402',
            cause: `sf cannot be started (${outcome.code})`,
            advice: 'Is it the Salesforce CLI that stands on PATH?',
          };
    case 'timeout':
      return {
        code: 'ECA1403',
        cause: `${command} did not end within ${timeoutMs / 1000} seconds`,
        advice: byHand,
      };
    case 'noJson':
      return {
        code: 'ECA1404',
        cause: `${command} ended with exit code ${outcome.exitCode ?? 'none'} and without JSON`,
        advice: `${byHand}; an old CLI is brought up to date with sf update`,
      };
    case 'refused': {
      const reason = orgText(`${outcome.name} · ${reasonOf(outcome.message)}`, [], 300);
      const isNotSignedIn =
        /NamedOrgNotFound|NoAuthInfo|No authorization information|RefreshToken|invalid_grant|expired/i.test(
          reason,
        );
      return {
        code: 'ECA1405',
        cause: `${command} was refused: ${reason}`,
        advice: isNotSignedIn ? signInAgain(targetOrg) : byHand,
      };
    }
  }
}
