import { appendFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { RollOutStatus } from '../contract/status.js';
import { statusMarkdown } from '../reports/statusMarkdown.js';
import { statusText } from '../reports/statusText.js';
import type { CommandContext } from './commandContext.js';
import { exitCodes } from './exitCodes.js';
import { isMoving, needsAttention, readRun, type Run } from './runs.js';

/** How a run is shown. */
export interface ShowOptions {
  readonly json?: boolean;
  readonly markdown?: string;
  /** Shows every change, until the run has ended or waits for somebody. */
  readonly watch?: boolean;
}

/** Between two looks at a run. The engine tells nobody by itself. */
const intervalMs = 1000;
const clearScreen = '\u001b[H\u001b[2J';

/** Shows a run, and sets the exit code. */
export async function showRun(
  context: CommandContext,
  handle: WorkflowHandle,
  { json = false, markdown, watch = false }: ShowOptions,
): Promise<void> {
  const run = watch ? await watchRun(context, handle, json) : await readRun(handle);
  const { status } = run;
  if (json) context.print(`${JSON.stringify(status, undefined, 2)}\n`);
  else if (!watch) context.print(statusText(status));
  if (watch && !json) context.note(adviceFor(run));
  if (markdown !== undefined) await appendFile(markdown, statusMarkdown(status));
  context.exit(needsAttention(status) ? exitCodes.found : exitCodes.ok);
}

async function watchRun(context: CommandContext, handle: WorkflowHandle, isQuiet: boolean): Promise<Run> {
  let shown = '';
  for (;;) {
    const run = await readRun(handle);
    const text = statusText(run.status);
    if (text !== shown && !isQuiet) context.print(context.isTerminal ? clearScreen + text : `${text}\n`);
    shown = text;
    if (!isMoving(run)) return run;
    await sleep(intervalMs);
  }
}

/** The command that comes next. */
function adviceFor({ status, isOpen }: Run): string {
  const { state, name, operation } = status;
  if (!isOpen)
    return state === 'done with failures' && operation !== 'drift'
      ? `Run again what failed: eca-fleet retry ${name}\n`
      : '';
  switch (state) {
    case 'waits for approval':
      return `Approve it: eca-fleet approve ${name} ${awaitedStage(status)} --why <reason>\n`;
    case 'stopped':
      return `Go on: eca-fleet retry ${name}, or eca-fleet resume ${name} --budget <orgs>. End it: eca-fleet abort ${name}\n`;
    case 'paused':
      return `Go on: eca-fleet resume ${name}\n`;
    case 'waits for a clean look':
      return `Repair what drifted, or end it: eca-fleet abort ${name}\n`;
    default:
      return '';
  }
}

/** The stage of the first gate that nobody has approved. */
function awaitedStage({ waves, requests }: RollOutStatus): string {
  const isApproved = (stage: string): boolean =>
    requests.some((request) => request.request === 'approve' && request.stage === stage);
  return waves.find(({ wave, stage }) => wave === 'gate' && !isApproved(stage))?.stage ?? '<stage>';
}
