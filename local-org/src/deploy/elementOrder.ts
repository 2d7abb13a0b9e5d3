import { removeElements } from '../components/editComponent.js';
import { parseXml, type XmlElement } from '../xml.js';
import type { DeployedComponent } from './deployedComponent.js';

/** The children after one with a greater name: schemas have their elements in ASCII order. */
export function outOfOrder(parent: XmlElement): XmlElement[] {
  let greatest = '';
  return parent.children.filter(({ name }) => {
    if (name < greatest) return true;
    greatest = name;
    return false;
  });
}

/** The component without the elements that are out of order, as an org that drops these reads it. */
export function withoutUnorderedElements(component: DeployedComponent): DeployedComponent {
  const starts = new Set(outOfOrder(component.root).map(({ start }) => start));
  if (starts.size === 0) return component;
  const xml = removeElements(component.xml, (_, { start }) => starts.has(start));
  return { ...component, xml, root: parseXml(xml) };
}
