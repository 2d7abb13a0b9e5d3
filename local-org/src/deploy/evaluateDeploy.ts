import type { ChangeStamp, ComponentStore } from '../components/componentStore.js';
import type { LocalOrgRole } from '../localOrg.js';
import type { Faults } from '../server/faults.js';
import { decodeUtf8, positionOf, XmlError, type XmlElement } from '../xml.js';
import { contentRules } from './contentRules.js';
import type { DeployPackage, PackagedFile } from './deployPackage.js';
import { deployedComponent, type DeployContext, type DeployedComponent } from './deployedComponent.js';
import type { ComponentResult, DeployOutcome } from './deployResult.js';
import { accessRules, referenceRules } from './orgRules.js';
import { storedText } from './storedText.js';

/** Whoever deploys, and the org's state that rules look at. */
export interface Deployer {
  role: LocalOrgRole;
  change: ChangeStamp;
  faults: Faults;
}

/** Judges packages against the org as it is, without changing it: what each component would become, or why it is refused. */
export function evaluateDeploy(
  packages: readonly DeployPackage[],
  store: ComponentStore,
  deployer: Deployer,
): DeployOutcome {
  const after = store.fork();
  const outcome: DeployOutcome = { results: [], changes: [] };
  for (const { version, manifestPath, files, failures } of packages) {
    const context: DeployContext = {
      store: after,
      before: store,
      version,
      role: deployer.role,
      faults: deployer.faults,
    };
    if (!failures.some(({ fullName }) => fullName === 'package.xml'))
      outcome.results.push(manifestResult(manifestPath));
    outcome.results.push(...failures);
    for (const file of files) outcome.results.push(evaluateFile(file, context, deployer.change, outcome));
  }
  return outcome;
}

/** Judges one component; when it is good, the fork of the store in the context and the outcome's changes hold it. */
export function evaluateComponent(
  component: DeployedComponent,
  context: DeployContext,
  change: ChangeStamp,
  outcome: DeployOutcome,
): { problem: string | undefined; element: XmlElement | undefined; changed: boolean } {
  for (const rule of [...accessRules, ...contentRules, ...referenceRules]) {
    const found = rule(component, context);
    if (found) return { problem: found.problem, element: found.element, changed: false };
  }
  const { xml, consumerSecret } = storedText(component, context);
  const changed = xml !== component.existing?.xml || consumerSecret !== undefined;
  context.store.put(component.type.name, component.fullName, xml, change, consumerSecret);
  if (changed)
    outcome.changes.push({ type: component.type.name, fullName: component.fullName, xml, consumerSecret });
  return { problem: undefined, element: undefined, changed };
}

function evaluateFile(
  file: PackagedFile,
  context: DeployContext,
  change: ChangeStamp,
  outcome: DeployOutcome,
): ComponentResult {
  const { type, fullName, path, bytes } = file;
  const result: ComponentResult = {
    componentType: type.name,
    fullName,
    fileName: path,
    success: false,
    created: false,
    changed: false,
    id: undefined,
    problem: undefined,
    lineNumber: undefined,
    columnNumber: undefined,
  };
  let component: DeployedComponent;
  try {
    component = deployedComponent(type, fullName, decodeUtf8(bytes), context.store);
  } catch (error) {
    if (error instanceof XmlError) {
      const { line, column } = error;
      return {
        ...result,
        problem: `Error parsing file: ${error.message}`,
        lineNumber: line,
        columnNumber: column,
      };
    }
    if (error instanceof TypeError)
      return { ...result, problem: 'Error parsing file: the file is not valid UTF-8' };
    throw error;
  }
  const { problem, element, changed } = evaluateComponent(component, context, change, outcome);
  if (problem !== undefined) {
    const position = element && positionOf(component.xml, element.start);
    return { ...result, problem, lineNumber: position?.line, columnNumber: position?.column };
  }
  const id = context.store.get(type.name, fullName)?.id;
  return { ...result, success: true, created: !component.existing, changed, id };
}

/** Orgs list package.xml itself among the successes, without a type. */
function manifestResult(path: string): ComponentResult {
  return {
    componentType: '',
    fullName: 'package.xml',
    fileName: path,
    success: true,
    created: false,
    changed: true,
    id: undefined,
    problem: undefined,
    lineNumber: undefined,
    columnNumber: undefined,
  };
}
