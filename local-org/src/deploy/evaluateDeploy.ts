import type { ComponentStore } from '../components/componentStore.js';
import type { ChangeStamp } from '../components/storedComponent.js';
import type { LocalOrgRole } from '../localOrg.js';
import type { Faults } from '../org/faults.js';
import { decodeUtf8, positionOf, XmlError } from '../xml.js';
import { contentRules } from './contentRules.js';
import { defaultPolicies } from './defaultPolicies.js';
import {
  appWrittenIn,
  deployedComponent,
  type DeployContext,
  type DeployedComponent,
  type DeployRule,
  type Problem,
} from './deployedComponent.js';
import type { DeployPackage, PackagedFile } from './deployPackage.js';
import type { ComponentResult, DeployOutcome } from './deployResult.js';
import { withoutUnorderedElements } from './elementOrder.js';
import { accessRules, referenceRules } from './orgRules.js';
import { storedText } from './storedText.js';

/** The user who deploys, and the org's state that rules use. */
export interface Deployer {
  role: LocalOrgRole;
  change: ChangeStamp;
  faults: Faults;
}

/** Checks packages against the org, without changing it: what each component would become, or why it is refused. */
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
  if (deployer.faults.holds('defaultPolicies')) outcome.changes.push(...defaultPolicies(after, store));
  return outcome;
}

/** Why a component is refused, and where in its file. */
export interface Refusal {
  problem: string;
  /** Line and column, both from 1; undefined if the problem has no particular place. */
  position: { line: number; column: number } | undefined;
}

/** Checks one component; if it is valid, adds it to the fork of the store in the context and to the changes of the outcome. */
export function evaluateComponent(
  component: DeployedComponent,
  context: DeployContext,
  change: ChangeStamp,
  outcome: DeployOutcome,
): Refusal | { problem: undefined; changed: boolean } {
  const { faults, store } = context;
  const judged = faults.holds('unorderedElementsDropped') ? withoutUnorderedElements(component) : component;
  const found =
    firstProblem(accessRules, judged, context) ??
    requestedFailure(judged, context) ??
    firstProblem([...contentRules, ...referenceRules], judged, context);
  if (found) {
    const { problem, element } = found;
    return { problem, position: element && positionOf(judged.xml, element.start) };
  }
  const { xml, consumerSecret } = storedText(judged, context);
  const changed = xml !== judged.existing?.xml || consumerSecret !== undefined;
  const stored = { type: judged.type.name, fullName: judged.fullName, xml, consumerSecret };
  store.put(stored.type, stored.fullName, xml, change, consumerSecret);
  if (changed) outcome.changes.push(stored);
  return { problem: undefined, changed };
}

function firstProblem(
  rules: readonly DeployRule[],
  component: DeployedComponent,
  context: DeployContext,
): Problem | undefined {
  for (const rule of rules) {
    const problem = context.faults.holds(rule.name) ? rule.problem(component, context) : undefined;
    if (problem) return problem;
  }
  return undefined;
}

/** A failure that a test requested: see {@link Faults.failComponent}. */
function requestedFailure(
  component: DeployedComponent,
  { faults, store }: DeployContext,
): Problem | undefined {
  const written = appWrittenIn(component);
  const problem = faults.problemOf(component.fullName, store.appNamed(written) ?? written);
  return problem === undefined ? undefined : { problem };
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
  const evaluated = evaluateComponent(component, context, change, outcome);
  if (evaluated.problem !== undefined) {
    const { problem, position } = evaluated;
    return { ...result, problem, lineNumber: position?.line, columnNumber: position?.column };
  }
  const { changed } = evaluated;
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
