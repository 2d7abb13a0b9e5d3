import type { RollOutStatus } from '../contract/status.js';
import { oneLine } from '../oneLine.js';

const mostMessage = 500;

/** The status as Markdown, for the summary of a pipeline. What orgs and programs say is shown as it is, never as markup. */
export function statusMarkdown(status: RollOutStatus): string {
  const { name, operation, program, digest, state, message, waves, problems, moreProblems, requests } =
    status;
  const parts = [
    `## ${escaped(name)}: ${operation} of ${escaped(program)}`,
    `**${escaped(state)}**${message === '' ? '' : `: ${escaped(message)}`}`,
  ];
  if (digest !== undefined) parts.push(`Program digest: \`${digest}\``);
  if (waves.length > 0) {
    parts.push(
      table(
        [
          'stage',
          'wave',
          'orgs',
          'stacks',
          'waiting',
          'running',
          'unchanged',
          'changed',
          'drifted',
          'failed',
        ],
        waves.map((wave) => [
          wave.stage,
          wave.wave,
          ...[wave.orgs, wave.stacks, wave.waiting, wave.running].map(String),
          ...[wave.unchanged, wave.changed, wave.drifted, wave.failed].map(String),
        ]),
      ),
    );
  }
  if (problems.length > 0) {
    parts.push(
      table(
        ['stage', 'stack', 'orgs', 'status', 'message'],
        problems.map((problem) => [
          problem.stage,
          problem.stack,
          problem.orgs.join(', '),
          problem.status,
          problem.message,
        ]),
      ),
    );
  }
  if (moreProblems > 0) parts.push(`and ${moreProblems} more`);
  for (const { request, stage, by, why, at } of requests) {
    parts.push(`- ${escaped([at, request, stage ?? '', `asked by ${by}: ${why}`].join(' '))}`);
  }
  return `${parts.join('\n\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A text on one line that Markdown shows as it is. A zero-width space after @ and # keeps a forge from mentions and references. */
function escaped(text: string): string {
  if (text === '---') return text;
  return oneLine(text, mostMessage)
    .replace(/[\\`*_{}[\]<>|~$&]/g, (character) => `\\${character}`)
    .replace(/([@#])(?=\w)/g, '$1\u200b')
    .replace(/:\/\//g, ':\u200b//');
}
