import proto from '@temporalio/proto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { Engine } from '../support/engine.js';
import { MockedProgram } from '../support/mockedProgram.js';
import { scenarios } from './scenarios.js';

const { History } = proto.temporal.api.history.v1;

/** Who ran it and from which folder is of no use to a replay, and names the machine: identities and sticky queues are `<pid>@<host>…`. */
function hideMachine(value: unknown): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  const parts = value as Record<string, unknown>;
  for (const [key, part] of Object.entries(parts)) {
    if (key === 'stackTrace') parts[key] = '';
    else if (typeof part === 'string' && /^\d+@/.test(part)) parts[key] = 'recorded';
    else hideMachine(part);
  }
}

// Records the histories of this version's workflows: `npm run record-histories`, once for each release. They are in the engine's own
// encoding: its JSON is not read back by the SDK, which has two copies of protobufjs.
const packageJson = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(await readFile(packageJson, 'utf8')) as { version: string };
const folder = new URL(`histories/${version}/`, import.meta.url);
await mkdir(folder, { recursive: true });
const engine = await Engine.start();
try {
  for (const scenario of Object.values(scenarios)) {
    const program = new MockedProgram();
    await engine.workersFor(program);
    for (const id of await scenario(engine, program)) {
      const history = History.fromObject(await engine.client.workflow.getHandle(id).fetchHistory());
      hideMachine(history);
      const file = new URL(`${id.replaceAll('/', '_')}.history`, folder);
      await writeFile(file, History.encode(history).finish());
      process.stdout.write(`${file.pathname}\n`);
    }
    await engine.stopWorkers();
  }
} finally {
  await engine.stop();
}
