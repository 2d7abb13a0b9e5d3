/**
 * The process of the native provider: prints the port that it listens on, which the engine waits for. Its first argument is the
 * engine's address; without one it waits for an engine that attaches to it.
 */
import { objectionToNode } from '../nodeVersion.js';

async function main(): Promise<void> {
  const objection = objectionToNode(process.versions.node);
  if (objection !== undefined) {
    throw new Error(objection);
  }
  // Loaded here, because an older Node.js fails on it before it gets to the check.
  const { startServer } = await import('./server.js');
  const { port } = await startServer();
  process.stdout.write(`${port}\n`);
}

main().catch((thrown: unknown) => {
  process.stderr.write(
    `pulumi-resource-salesforce-eca: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`,
  );
  process.exitCode = 1;
});
