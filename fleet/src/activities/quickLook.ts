import { Context } from '@temporalio/activity';
import { readOrgSettings } from 'pulumi-salesforce-eca/org-settings';
import type { QuickLook, QuickLookTask } from '../contract/activities.js';
import type { FleetStack } from '../contract/stacks.js';
import { backendSecrets } from '../credentials/backendSecrets.js';
import { orgCredentials, orgToRead, secretsOf } from '../credentials/orgCredentials.js';
import { inTurns } from '../inTurns.js';
import { runLimited } from '../limitedCommand.js';
import { baseEnvironment } from './cliEnvironment.js';
import { providerOf } from './drift.js';
import { messageText } from './outcome.js';
import { CleanLooks, inventoryDigest, verifiedState, type VerifiedState } from './verifiedSettings.js';
import type { ActivitySettings } from './workerSettings.js';

/** Stacks that are looked at side by side: most of the time they wait for an org. */
const atATime = 8;
const exportTimeoutMs = 120_000;
const mostState = 64 * 1024 * 1024;

/**
 * Compares orgs with the settings in the states of their stacks, in this process: the program is not run. What is not certainly the same
 * gets a full look, which decides.
 */
export async function quickLook(
  settings: ActivitySettings,
  folder: string,
  { program, digest, stacks }: QuickLookTask,
): Promise<readonly QuickLook[]> {
  const looks = new CleanLooks(settings, program);
  const { version } = providerOf(folder);
  return inTurns(stacks, atATime, async (stack) => {
    const context = Context.current();
    context.heartbeat({ holders: [], step: `look at ${stack.stack}` });
    context.cancellationSignal.throwIfAborted();
    const reason = await whyNotClean(stack);
    return { stack: stack.stack, isClean: reason === undefined, ...(reason === undefined ? {} : { reason }) };
  });

  async function whyNotClean(stack: FleetStack): Promise<string | undefined> {
    const last = await looks.of(stack.stack);
    if (last === undefined) return 'no full look was clean yet';
    if (last.digest !== digest) return 'the program has changed';
    if (last.providerVersion !== version) return 'the provider has another version';
    if (last.inventory !== inventoryDigest(stack)) return 'the inventory has changed';
    try {
      const state = await exportedState(settings, folder, stack.stack);
      if (typeof state === 'string') return state;
      if (last.fingerprint !== state.fingerprint) return 'the state has changed since';
      return await difference(settings, stack, state);
    } catch (thrown) {
      return messageText(thrown instanceof Error ? thrown.message : String(thrown), []);
    }
  }
}

/** The state of a stack, or why a quick look cannot use it. */
export async function exportedState(
  settings: ActivitySettings,
  folder: string,
  stack: string,
): Promise<VerifiedState | string> {
  const { stdout, stderr, failure } = await runLimited({
    command: ['pulumi', 'stack', 'export', '--stack', stack, '--non-interactive'],
    cwd: folder,
    env: baseEnvironment(settings),
    timeoutMs: exportTimeoutMs,
    mostOutput: mostState,
  });
  if (failure === undefined) return verifiedState(stdout);
  return messageText(
    `the state could not be read: ${failure} ${stderr}`,
    backendSecrets(settings.backend, process.env),
  );
}

/** Why the orgs are not certainly as the state says. */
async function difference(
  settings: ActivitySettings,
  { orgs }: FleetStack,
  { resources }: VerifiedState,
): Promise<string | undefined> {
  const live = new Map<string, ReadonlyMap<string, Readonly<Record<string, unknown>>>>();
  for (const org of orgs) {
    const credentials = await orgCredentials(settings.credentials, org, process.env);
    try {
      const { orgId, apps } = await readOrgSettings(orgToRead(org, credentials));
      live.set(
        orgId,
        new Map(
          apps.map((app) => [app.externalClientApplication, app.problem === undefined ? app.settings : {}]),
        ),
      );
    } catch (thrown) {
      return `${org.name}: ${messageText(thrown instanceof Error ? thrown.message : String(thrown), secretsOf(credentials))}`;
    }
  }
  if (live.size !== orgs.length) return 'two names lead to one organization';
  const managed = new Set(resources.map(({ orgId }) => orgId));
  if ([...live.keys()].some((orgId) => !managed.has(orgId))) return 'an org has no resource in the state';
  for (const { orgId, app, settings: verified } of resources) {
    const found = live.get(orgId)?.get(app);
    if (found === undefined) return `${app} was not read, or the organization is another one`;
    const field = Object.keys(verified).find((name) => found[name] !== verified[name]);
    if (field !== undefined) return `${field} of ${app} is not as the state says`;
  }
  return undefined;
}
