import { newConsumerKey, newConsumerSecret } from '../components/credentials.js';
import { insertEach, insertRawElement, setElement } from '../components/editComponent.js';
import { alwaysShownGlobalBooleans, isElementOfVersion, jwtLifetimes } from '../components/schema.js';
import { child, childText, isTrue, parseXml } from '../xml.js';
import type { DeployContext, DeployedComponent } from './deployedComponent.js';

/** What a deploy stores for a component. */
export interface StoredText {
  xml: string;
  /** A new consumer secret; undefined keeps the current one, or generates one for a new component. */
  consumerSecret: string | undefined;
}

/**
 * The XML that the org stores for a deployed component: what was deployed, which replaces the whole component, changed only by
 * {@link keepElements}, for policies by {@link keepJwtLifetimes}, and for global OAuth settings by the rules on credentials and
 * defaults.
 */
export function storedText(component: DeployedComponent, context: DeployContext): StoredText {
  const xml = keepElements(component, context);
  if (component.type.name === 'ExtlClntAppOauthConfigurablePolicies')
    return { xml: keepJwtLifetimes(component, xml, context), consumerSecret: undefined };
  if (component.type.name !== 'ExtlClntAppGlobalOauthSettings') return { xml, consumerSecret: undefined };
  const withDefaults = showDefaultBooleans(component, xml, context.version);
  const withPkce = keepPkce(component, withDefaults, context);
  return keepOrRotateCredentials(component, withPkce, context);
}

/** Restores the stored elements that the deployed XML omits and the org nevertheless keeps. */
function keepElements(component: DeployedComponent, context: DeployContext): string {
  const { root, existing, existingRoot } = component;
  if (!existing || !existingRoot) return component.xml;
  // Each is inserted before those with the same name, so the last one comes first.
  return existingRoot.children
    .toReversed()
    .filter(({ name }) => !child(root, name) && isKept(component, name, context))
    .reduce(
      (xml, { name, start, end }) => insertRawElement(xml, name, existing.xml.slice(start, end)),
      component.xml,
    );
}

function isKept({ type }: DeployedComponent, element: string, { version, faults }: DeployContext): boolean {
  if (!isElementOfVersion(type.name, element, version)) return faults.holds('otherVersionsKept');
  if (element === 'certificate' && !(faults.returnCertificate && faults.holds('omittedCertificateCleared')))
    return true;
  return !faults.holds('omittedElementsReset');
}

/** By the rules `removedTypeIsUserSession` and `timeoutKeptBesideUserSession`. */
function keepJwtLifetimes(
  { existingRoot }: DeployedComponent,
  xml: string,
  { faults }: DeployContext,
): string {
  let result = xml;
  for (const { type, timeout } of jwtLifetimes) {
    const isTypeRemoved = existingRoot && child(existingRoot, type) && !child(parseXml(result), type);
    if (isTypeRemoved && faults.holds('removedTypeIsUserSession'))
      result = setElement(result, type, 'UserSession');
    const stored = existingRoot && childText(existingRoot, timeout);
    const root = parseXml(result);
    const isTimeoutRemoved = stored !== undefined && !child(root, timeout);
    if (
      isTimeoutRemoved &&
      childText(root, type) === 'UserSession' &&
      faults.holds('timeoutKeptBesideUserSession')
    )
      result = setElement(result, timeout, stored);
  }
  return result;
}

/**
 * An omitted boolean is shown with its default, by the rule `booleansShown`. What the stored XML does not show is not added, so that what was
 * retrieved can be deployed unchanged.
 */
function showDefaultBooleans({ existingRoot }: DeployedComponent, xml: string, version: number): string {
  const shown = parseXml(xml);
  const hidden = [...alwaysShownGlobalBooleans]
    .filter(([name]) => isElementOfVersion('ExtlClntAppGlobalOauthSettings', name, version))
    .filter(([name]) => !child(shown, name) && (!existingRoot || child(existingRoot, name)));
  return [...Map.groupBy(hidden, ([, value]) => value)].reduce(
    (text, [value, omitted]) =>
      insertEach(
        text,
        omitted.map(([name]) => name),
        String(value),
      ),
    xml,
  );
}

/** By the rule `pkceStays`. */
function keepPkce({ existingRoot }: DeployedComponent, xml: string, { faults }: DeployContext): string {
  const isOn = existingRoot !== undefined && isTrue(childText(existingRoot, 'isPkceRequired'));
  return isOn && faults.holds('pkceStays') ? setElement(xml, 'isPkceRequired', 'true') : xml;
}

/**
 * Consumer key and secret by the rules `consumerKeyKept`, `otherConsumerKeyIgnored`, `consumerKeyMade`, `rotation` and
 * `shownSecretStays`.
 */
function keepOrRotateCredentials(
  { root, existing, existingRoot }: DeployedComponent,
  xml: string,
  { faults }: DeployContext,
): StoredText {
  let result = xml;
  let consumerSecret: string | undefined;
  const write = (element: string, value: string | undefined): void => {
    if (value !== undefined && value !== (childText(parseXml(result), element) ?? ''))
      result = setElement(result, element, value);
  };

  const deployedKey = childText(root, 'consumerKey') ?? '';
  const isKeyKept =
    existing && faults.holds(deployedKey === '' ? 'consumerKeyKept' : 'otherConsumerKeyIgnored');
  if (isTrue(childText(root, 'shouldRotateConsumerKey'))) {
    write('consumerKey', newConsumerKey());
    write('shouldRotateConsumerKey', 'false');
  } else if (isKeyKept) {
    write('consumerKey', existingRoot && childText(existingRoot, 'consumerKey'));
  } else if (deployedKey === '' && faults.holds('consumerKeyMade')) {
    write('consumerKey', newConsumerKey());
  }

  const storedSecret = existingRoot && childText(existingRoot, 'consumerSecret');
  if (isTrue(childText(root, 'shouldRotateConsumerSecret'))) {
    consumerSecret = newConsumerSecret();
    if (storedSecret !== undefined || child(root, 'consumerSecret')) write('consumerSecret', consumerSecret);
    write('shouldRotateConsumerSecret', 'false');
  } else if (faults.holds('shownSecretStays')) {
    write('consumerSecret', storedSecret);
  }
  return { xml: result, consumerSecret };
}
