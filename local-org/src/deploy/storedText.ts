import { newConsumerKey, newConsumerSecret } from '../components/credentials.js';
import { insertRawElement, setElement } from '../components/editComponent.js';
import { alwaysShownGlobalBooleans, isElementOfVersion } from '../components/schema.js';
import { child, childText } from '../xml.js';
import type { DeployContext, DeployedComponent } from './deployedComponent.js';

/** What a deploy leaves in the org for a component. */
export interface StoredText {
  xml: string;
  /** A new consumer secret; undefined: the one it has stays, or a new component gets one. */
  consumerSecret: string | undefined;
}

/**
 * The text that the org stores for a deployed component: what was deployed, which replaces the whole component, changed only by
 * {@link keepElementsOfOtherVersions} and, for global OAuth settings, by the rules on credentials and defaults.
 */
export function storedText(component: DeployedComponent, context: DeployContext): StoredText {
  const xml = keepElementsOfOtherVersions(component, component.xml, context.version);
  if (component.type.name !== 'ExtlClntAppGlobalOauthSettings') return { xml, consumerSecret: undefined };
  const withCertificate = keepUnreadCertificate(component, xml, context);
  const withDefaults = showDefaultBooleans(component, withCertificate, context.version);
  return keepOrRotateCredentials(component, withDefaults);
}

/**
 * A deploy resets the elements that its version's schema has and its file omits (two sources); what that schema does not have, it cannot
 * say anything about, so it stays (inference).
 */
function keepElementsOfOtherVersions(
  { type, existing, existingRoot }: DeployedComponent,
  xml: string,
  version: number,
) {
  let result = xml;
  for (const element of existingRoot?.children ?? []) {
    if (isElementOfVersion(type.name, element.name, version) || !existing) continue;
    result = insertRawElement(result, element.name, existing.xml.slice(element.start, element.end));
  }
  return result;
}

/** An omitted certificate is cleared (one project, a live org); where the org does not return it, the org keeps it (inference). */
function keepUnreadCertificate(
  { root, existing, existingRoot }: DeployedComponent,
  xml: string,
  context: DeployContext,
) {
  const stored = existingRoot && child(existingRoot, 'certificate');
  if (!existing || !stored || context.faults.returnCertificate || child(root, 'certificate')) return xml;
  return insertRawElement(xml, 'certificate', existing.xml.slice(stored.start, stored.end));
}

/**
 * An omitted boolean goes to its default and is shown as false, like every boolean of a retrieved global component (nine public files).
 * What the stored text does not show, stays unshown, so that what was retrieved can be deployed unchanged.
 */
function showDefaultBooleans(
  { root, existingRoot }: DeployedComponent,
  xml: string,
  version: number,
): string {
  return alwaysShownGlobalBooleans
    .filter((name) => isElementOfVersion('ExtlClntAppGlobalOauthSettings', name, version))
    .filter((name) => !child(root, name) && (!existingRoot || child(existingRoot, name)))
    .reduce((text, name) => setElement(text, name, 'false'), xml);
}

/**
 * An omitted consumer key is kept, another one is ignored (one project each), a new component without one gets one. `shouldRotate…` true
 * makes new credentials (documented) and is stored as false. The secret, where the text shows it, follows the key (inference).
 */
function keepOrRotateCredentials(
  { root, existing, existingRoot }: DeployedComponent,
  xml: string,
): StoredText {
  let result = xml;
  let consumerSecret: string | undefined;
  const rotates = (element: string): boolean => ['true', '1'].includes(childText(root, element) ?? '');
  const write = (element: string, value: string | undefined): void => {
    if (value !== undefined && value !== (childText(root, element) ?? ''))
      result = setElement(result, element, value);
  };

  const storedKey = existingRoot && childText(existingRoot, 'consumerKey');
  if (rotates('shouldRotateConsumerKey')) {
    write('consumerKey', newConsumerKey());
    write('shouldRotateConsumerKey', 'false');
  } else if (existing) {
    write('consumerKey', storedKey);
  } else if ((childText(root, 'consumerKey') ?? '') === '') {
    write('consumerKey', newConsumerKey());
  }

  const storedSecret = existingRoot && childText(existingRoot, 'consumerSecret');
  if (rotates('shouldRotateConsumerSecret')) {
    consumerSecret = newConsumerSecret();
    if (storedSecret !== undefined || child(root, 'consumerSecret')) write('consumerSecret', consumerSecret);
    write('shouldRotateConsumerSecret', 'false');
  } else {
    write('consumerSecret', storedSecret);
  }
  return { xml: result, consumerSecret };
}
