import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { LocalOrg, LocalOrgOptions, LocalOrgServer } from './localOrg.js';
import { SeedError } from './server/seed.js';
import { LocalOrgOptionsError, startLocalOrg } from './startLocalOrg.js';

const usage = `Usage: salesforce-local-org [options]

Starts orgs on this machine (127.0.0.1) that Metadata API and OAuth clients take for Salesforce orgs.

  --port N            port of the first org, the next ones follow; 0 picks free ones (default 0)
  --org NAME          name of an org; repeat it for several (default dev)
  --api-version NN.0  newest API version that the orgs offer, from 58.0 on (default 68.0)
  --latency-ms N      milliseconds added to every request (default 0)
  --retrieve-ms N     milliseconds that a retrieve runs (default 0)
  --deploy-ms N       milliseconds that a deploy runs (default 0)
  --seed DIR          folder in metadata format (package.xml and type folders) loaded into every org
  --json              print one line of JSON that tells how to reach the orgs
  --help              print this text
`;

const optionDefinitions = {
  port: { type: 'string' },
  org: { type: 'string', multiple: true },
  'api-version': { type: 'string' },
  'latency-ms': { type: 'string' },
  'retrieve-ms': { type: 'string' },
  'deploy-ms': { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

/** What the command line asks for. */
interface Command {
  options: LocalOrgOptions;
  json: boolean;
  help: boolean;
}

/** @throws LocalOrgOptionsError naming the option that is unknown or has no number where it needs one */
function parseCommand(args: string[]): Command {
  const { values } = parse(args);
  const number = (name: 'port' | 'latency-ms' | 'retrieve-ms' | 'deploy-ms'): number | undefined => {
    const text = values[name];
    if (text !== undefined && !/^\d+$/.test(text)) {
      throw new LocalOrgOptionsError(`--${name} takes a whole number from 0 on, not '${text}'.`);
    }
    return text === undefined ? undefined : Number(text);
  };
  const options = {
    port: number('port'),
    orgs: values.org,
    apiVersion: values['api-version'],
    latencyMs: number('latency-ms'),
    retrieveMs: number('retrieve-ms'),
    deployMs: number('deploy-ms'),
    seed: values.seed,
  };
  return { options: withoutUndefined(options), json: values.json, help: values.help };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: optionDefinitions, strict: true, allowPositionals: false });
  } catch (error) {
    // Node's text goes on with advice about positional arguments, which there are none of.
    throw new LocalOrgOptionsError(
      (error instanceof Error ? error.message : String(error)).replace(/\. To specify.*$/s, '.'),
    );
  }
}

function withoutUndefined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function asJson(orgs: readonly LocalOrg[]): string {
  return JSON.stringify({
    orgs: orgs.map(
      ({ name, instanceUrl, organizationId, username, accessToken, clientId, privateKeyFile }) => ({
        name,
        instanceUrl,
        organizationId,
        username,
        accessToken,
        clientId,
        privateKeyFile,
      }),
    ),
  });
}

function asText(orgs: readonly LocalOrg[]): string {
  const sections = orgs.map((org) =>
    [
      `Org ${org.name} (${org.organizationId}) listens on ${org.instanceUrl}`,
      '  with an access token:',
      `    export SALESFORCE_INSTANCE_URL=${org.instanceUrl}`,
      `    export SALESFORCE_ACCESS_TOKEN='${org.accessToken}'`,
      '  or by JWT bearer:',
      `    export SALESFORCE_LOGIN_URL=${org.instanceUrl}`,
      `    export SALESFORCE_CLIENT_ID=${org.clientId}`,
      `    export SALESFORCE_USERNAME=${org.username}`,
      `    export SALESFORCE_PRIVATE_KEY=${org.privateKeyFile}`,
      `  apps: ${org.componentNames('ExternalClientApplication').join(', ')}`,
    ].join('\n'),
  );
  return `${sections.join('\n\n')}\n\nCtrl+C stops.`;
}

function explain(error: unknown): string {
  if (error instanceof LocalOrgOptionsError || error instanceof SeedError) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    const port = 'port' in error ? String(error.port) : '';
    return `Port ${port} is in use: choose another one with --port, or --port 0 for a free one.`;
  }
  return error instanceof Error ? error.message : String(error);
}

function closeOnSignal(server: LocalOrgServer): void {
  let closing = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (closing) return;
      closing = true;
      void server.close().then(() => process.exit(0));
    });
  }
}

async function main(): Promise<void> {
  try {
    const { options, json, help } = parseCommand(process.argv.slice(2));
    if (help) {
      process.stdout.write(usage);
      return;
    }
    const server = await startLocalOrg(options);
    closeOnSignal(server);
    process.stdout.write(`${json ? asJson(server.orgs) : asText(server.orgs)}\n`);
  } catch (error) {
    const isUsage = error instanceof LocalOrgOptionsError;
    process.stderr.write(`salesforce-local-org: ${explain(error)}${isUsage ? ' See --help.' : ''}\n`);
    process.exitCode = isUsage ? 2 : 1;
  }
}

void main();
