/** A worker, as a process of its own, whose operations find nothing to do. Its argument is the address of the server. */
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { fleetTaskQueue, programTaskQueue } from '../../src/contract/activities.js';
import { installQuietRuntime } from '../../src/worker/quietRuntime.js';
import { MockedProgram } from '../support/mockedProgram.js';

installQuietRuntime((text) => process.stderr.write(text));
const connection = await NativeConnection.connect({ address: process.argv[2] ?? '' });
const { program, digest, activities } = Object.assign(new MockedProgram(), { isSilent: true });
const workers = [
  await Worker.create({
    connection,
    taskQueue: fleetTaskQueue,
    workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
    activities: {
      programOfToday: (name: string) => Promise.resolve({ worker: 'w1', program: name, digest }),
    },
  }),
  await Worker.create({ connection, taskQueue: programTaskQueue(program, digest), activities }),
];
process.stderr.write('ready\n');
await Promise.all(workers.map((worker) => worker.run()));
await connection.close();
