import { parseCommand } from './commandLineOptions.js';
import { usage } from './commandLineUsage.js';
import type { LocalOrg, LocalOrgServer } from './localOrg.js';
import { isLoopback, LocalOrgOptionsError } from './localOrgOptions.js';
import { SeedError } from './org/seed.js';
import { startLocalOrg } from './startLocalOrg.js';
import { StateError } from './state/stateError.js';

function asJson(orgs: readonly LocalOrg[], isOpen: boolean): string {
  return JSON.stringify({
    orgs: orgs.map(
      ({
        name,
        instanceUrl,
        organizationId,
        username,
        accessToken,
        password,
        controlToken,
        clientId,
        privateKeyFile,
        certificateFile,
      }) => ({
        name,
        instanceUrl,
        organizationId,
        username,
        accessToken,
        password,
        clientId,
        privateKeyFile,
        // Left out of the JSON without https.
        certificateFile,
        // It is not needed if only this machine can connect.
        controlToken: isOpen ? controlToken : undefined,
      }),
    ),
  });
}

function asText(orgs: readonly LocalOrg[], isOpen: boolean): string {
  const sections = orgs.map((org) =>
    [
      `Org ${org.name} (${org.organizationId}) listens on ${org.instanceUrl}`,
      `  Setup page, for a browser: ${org.setupPageUrl}`,
      '  with an access token:',
      `    export SALESFORCE_INSTANCE_URL=${org.instanceUrl}`,
      `    export SALESFORCE_ACCESS_TOKEN='${org.accessToken}'`,
      '  or by JWT bearer:',
      `    export SALESFORCE_LOGIN_URL=${org.instanceUrl}`,
      `    export SALESFORCE_CLIENT_ID=${org.clientId}`,
      `    export SALESFORCE_USERNAME=${org.username}`,
      `    export SALESFORCE_PRIVATE_KEY=${org.privateKeyFile}`,
      `  or by SOAP login with the password ${org.password}`,
      ...(isOpen ? [`  control API, from other machines: Authorization: Bearer ${org.controlToken}`] : []),
      ...(org.certificateFile === undefined
        ? []
        : ['  with its certificate trusted:', `    export NODE_EXTRA_CA_CERTS=${org.certificateFile}`]),
      `  apps: ${org.componentNames('ExternalClientApplication').join(', ')}`,
    ].join('\n'),
  );
  return `${sections.join('\n\n')}\n\nCtrl+C stops.`;
}

function explain(error: unknown): string {
  if (error instanceof LocalOrgOptionsError || error instanceof SeedError || error instanceof StateError) {
    return error.message;
  }
  if (error instanceof Error && 'code' in error && error.code === 'EADDRNOTAVAIL') {
    return '--host is not an address of this machine. Choose one of its addresses, or 0.0.0.0 for all.';
  }
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    const port = 'port' in error ? String(error.port) : '';
    return `Port ${port} is in use: choose another one with --port, or --port 0 for a free one.`;
  }
  return error instanceof Error ? error.message : String(error);
}

function openWarning(host: string): string {
  return (
    `Warning: listening on ${host}, which other machines can reach, over plain HTTP. ` +
    'Whoever reads the traffic has the tokens; put nothing real into these orgs.'
  );
}

/** Installed before the start, so that nothing of it remains. Returns a function to pass the server once it runs. */
function closeOnSignal(): (server: LocalOrgServer) => void {
  let running: LocalOrgServer | undefined;
  let closing = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    process.on(signal, () => {
      if (closing) return;
      closing = true;
      void Promise.resolve(running?.close()).then(() => process.exit(0));
    });
  }
  return (server) => (running = server);
}

async function main(): Promise<void> {
  try {
    const { options, faults, json, help } = parseCommand(process.argv.slice(2));
    if (help) {
      process.stdout.write(usage);
      return;
    }
    const onceRunning = closeOnSignal();
    const server = await startLocalOrg(options);
    onceRunning(server);
    const { host = '127.0.0.1' } = options;
    const isOpen = !isLoopback(host);
    if (isOpen) {
      process.stderr.write(`salesforce-local-org: ${openWarning(host)}\n`);
    }
    for (const org of server.orgs) {
      faults.rules.forEach((rule) => org.faults.add(rule));
      org.faults.change(faults.switches);
      if (faults.offlineMs > 0) {
        const comeBack = org.faults.goOffline();
        setTimeout(() => void comeBack(), faults.offlineMs);
      }
    }
    process.stdout.write(`${json ? asJson(server.orgs, isOpen) : asText(server.orgs, isOpen)}\n`);
  } catch (error) {
    const isUsage = error instanceof LocalOrgOptionsError;
    process.stderr.write(`salesforce-local-org: ${explain(error)}${isUsage ? ' See --help.' : ''}\n`);
    process.exitCode = isUsage ? 2 : 1;
  }
}

void main();
