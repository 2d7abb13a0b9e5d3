import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEmptyProject } from '../../test/support/temporaryProject.js';
import { promises, writePrograms } from './consumerProject.js';
import type { NodeRelease } from './nodeReleases.js';
import { installDependencies, type PackageManager } from './packageManagers.js';

/** A requirement that is not met with one package manager on one Node.js. */
export interface Failure {
  what: string;
  reason: string;
}

/**
 * Installs the packed packages with a package manager that runs on a Node.js, and tries what they promise.
 *
 * @returns the requirements that are not met
 * @param dependencies what the project asks for: versions or archives by name
 */
export async function runCell(
  manager: PackageManager,
  node: NodeRelease,
  dependencies: Readonly<Record<string, string>>,
): Promise<Failure[]> {
  const project = await createEmptyProject();
  try {
    await writeFile(
      join(project.folder, 'package.json'),
      JSON.stringify({ name: 'consumer', version: '1.0.0', private: true, dependencies }),
    );
    await writePrograms(project.folder);
    const installed = await failureOf('can be installed', () =>
      installDependencies(manager, project.folder, node.folder),
    );
    if (installed.length > 0) return installed;
    const failures: Failure[] = [];
    for (const { name, check } of promises) {
      failures.push(
        ...(await failureOf(name, () => check({ folder: project.folder, nodeFolder: node.folder }))),
      );
    }
    return failures;
  } finally {
    await project.remove();
  }
}

async function failureOf(what: string, task: () => Promise<void>): Promise<Failure[]> {
  return task().then(
    () => [],
    (error: unknown) => [{ what, reason: error instanceof Error ? error.message : String(error) }],
  );
}
