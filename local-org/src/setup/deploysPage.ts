import type { DeployJobs } from '../deploy/deployJobs.js';
import type { DeployJob } from '../deploy/deployJob.js';
import type { ComponentResult } from '../deploy/deployResult.js';
import { packagedComponents } from '../deploy/deployResultFields.js';
import { versionText } from '../packageXml.js';
import { definitions, html, instant, table, type Html } from './html.js';
import { PageError, setupPath, type Page } from './page.js';

/** How many deploys the list shows. */
const shownDeploys = 200;

const path = `${setupPath}/deploys`;

/** Deployment Status: the deploys, newest first. */
export function deploysPage(jobs: DeployJobs): Page {
  const shown = jobs.all.slice(-shownDeploys).reverse();
  const rows = shown.map((job) => [
    html`<a id="deploy-${job.id}" href="${path}/${job.id}">${job.id}</a>`,
    status(job),
    kind(job),
    job.user.username,
    instant(job.createdAt),
    counts(job),
  ]);
  const columns = ['Deploy', 'Status', 'Kind', 'Created by', 'Created', 'Components'];
  const left = jobs.all.length - shown.length;
  return {
    place: '/deploys',
    content: html`<div id="deploys" data-live ${shown.some(isRunning) && html`data-running`}>
      ${table('Deploys', columns, rows, 'No deploys yet.')}
      ${left > 0 && html`<p class="fine">${left} earlier entries are not shown.</p>`}
    </div>`,
  };
}

/**
 * One deploy with the result for each component.
 * @throws PageError 404
 */
export function deployPage(jobs: DeployJobs, id: string): Page {
  const job = jobs.get(id);
  if (!job) throw new PageError(404, `The org has no deploy '${id}'.`);
  const [first] = packagesOf(job);
  return {
    place: '/deploys',
    heading: `Deploy ${job.id}`,
    content: html`<p><a href="${path}">Deployment Status</a></p>
      <div id="deploy" data-live ${isRunning(job) && html`data-running`}>
        <section>
          ${definitions([
            ['Status', status(job)],
            ['Kind', kind(job)],
            ['API version', first ? versionText(first.version) : 'unknown'],
            ['Rollback on error', job.options.rollbackOnError ? 'yes' : 'no'],
            ['Created by', `${job.user.displayName}, ${job.user.username}`],
            ['Created', instant(job.createdAt)],
            ['Started', job.startedAt === undefined ? 'not yet' : instant(job.startedAt)],
            ['Completed', job.completedAt === undefined ? 'not yet' : instant(job.completedAt)],
            ...(job.canceledBy ? [['Canceled by', job.canceledBy.displayName] as const] : []),
          ])}
        </section>
        ${
          job.failure &&
          html`<p class="message problem"><code>${job.failure.statusCode}</code> ${job.failure.message}</p>`
        }
        ${job.completedAt === undefined || job.results.length === 0 ? packaged(job) : results(job)}
      </div>`,
  };
}

function results({ results: all }: DeployJob): Html {
  const failures = all.filter(({ success }) => !success);
  const successes = all.filter(({ success, componentType }) => success && componentType !== '');
  const name = ({ fullName, componentType }: ComponentResult): Html =>
    html`<strong>${fullName}</strong><br /><code>${componentType}</code>`;
  return html`${
      failures.length > 0 &&
      html`<h2>Component failures</h2>
        ${table(
          'Component failures',
          ['Component', 'Problem', 'Where'],
          failures.map((failure) => [
            name(failure),
            failure.problem,
            html`<code>${failure.fileName}</code>${
                failure.lineNumber !== undefined &&
                html`, line ${failure.lineNumber}, column ${failure.columnNumber}`
              }`,
          ]),
          '',
        )}`
    }
    <h2>Component successes</h2>
    ${table(
      'Component successes',
      ['Component', 'Result'],
      successes.map((success) => [
        name(success),
        success.created ? 'created' : success.changed ? 'changed' : 'unchanged',
      ]),
      'None.',
    )}`;
}

function packaged(job: DeployJob): Html {
  const files = packagesOf(job).flatMap((content) => content.files);
  return html`<h2>Components in the package</h2>
    ${table(
      'Components in the package',
      ['Component', 'File'],
      files.map(({ fullName, type, path: file }) => [
        html`<strong>${fullName}</strong><br /><code>${type.name}</code>`,
        html`<code>${file}</code>`,
      ]),
      'None.',
    )}`;
}

function packagesOf({ content }: DeployJob) {
  return content instanceof Error ? [] : content;
}

function isRunning({ completedAt }: DeployJob): boolean {
  return completedAt === undefined;
}

function status({ status: text }: DeployJob): Html {
  const tone = text.startsWith('Succeeded') ? 'good' : text === 'Failed' ? 'bad' : 'neutral';
  return html`<span class="badge ${tone}">${text}</span>`;
}

function kind({ options }: DeployJob): string {
  return options.checkOnly ? 'Validation (checkOnly)' : 'Deploy';
}

function counts(job: DeployJob): string {
  const components = job.results.filter(({ componentType, success }) => componentType !== '' || !success);
  const failed = components.filter(({ success }) => !success).length;
  const total = job.completedAt === undefined ? packagedComponents(job) : components.length;
  return failed === 0 ? String(total) : `${total}, ${failed} failed`;
}
